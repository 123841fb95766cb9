import { densenetBc } from './networks/densenet-bc';
import { resnet56v2 } from './networks/resnet56v2';
import { simpleDense } from './networks/simple-dense';
import { vgg16 } from './networks/vgg16';

/** Every network of the study, in the order of help texts. */
export const networks = [simpleDense, vgg16, resnet56v2, densenetBc] as const;

/** A network's name on the command line. */
export type ModelName = (typeof networks)[number]['name'];
