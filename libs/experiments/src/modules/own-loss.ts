import { isPath } from '@label-relaxation/data';
import type {
  AlphaDeclaration,
  ClosedForm,
  LabelKind,
  LossDeclaration,
  LossInput,
  LossName,
} from '@label-relaxation/losses/declarations';
import { declarationOf, describeRange, isInRange } from '@label-relaxation/losses/declarations';
import type { tf } from '@label-relaxation/runtime';
import { UsageError } from '../errors';
import { functionOf, loadModule, reasonOf } from './load-module';

/** A loss's name, or the path of a module of the user's own. */
export type LossFlag = LossName | (string & {});

/** What a loss module says of its alpha. */
export type OwnAlpha = Pick<AlphaDeclaration, 'min'> &
  Partial<Pick<AlphaDeclaration, 'max' | 'below' | 'example' | 'grid' | 'meaning' | 'symbol'>>;

/**
 * What a loss module exports. The function is the default export, or the only one: it gives the loss of each example,
 * [batch], of `logits` and `target`, both [batch, classes], in plain tfjs, by the tensors' own methods. In its place
 * `closedForm` may give value and gradient, as the losses of the study do.
 */
export interface LossModule {
  readonly default?: (input: LossInput) => tf.Tensor1D;
  readonly closedForm?: (input: LossInput) => ClosedForm;
  /** The range of alpha; a loss without one has no alpha. */
  readonly alpha?: OwnAlpha;
  /** The name in print; by default that of the file. */
  readonly title?: string;
  /** Labels that it takes; by default class numbers and distributions. */
  readonly labels?: readonly LabelKind[];
}

const kinds: readonly LabelKind[] = ['classes', 'distributions', 'possibilities'];

/**
 * What is known of a loss by its name or by the path of a module of the user's own.
 *
 * @throws UsageError in one line where the module cannot be loaded, or exports no loss
 */
export function lossOf(loss: LossFlag): LossDeclaration {
  return isPath(loss) ? ownLoss(loss) : declarationOf(loss as LossName);
}

function ownLoss(path: string): LossDeclaration {
  const { name, exports } = loadModule(path, 'loss_name');
  const refuse = (reason: string): never => {
    throw new UsageError(`--loss_name ${path}: ${reason}`);
  };
  const { title = name, labels = ['classes', 'distributions'], closedForm } = exports as LossModule;
  if (typeof title !== 'string') refuse('exports a title that is no text');
  if (!Array.isArray(labels) || !labels.every((kind) => kinds.includes(kind))) {
    refuse(`exports labels that are not some of ${kinds.join(', ')}`);
  }
  const facts = { name, short: name, type: name, title, labels, alpha: alphaOf(exports['alpha'], refuse) };
  const calling = <T>(formula: (input: LossInput) => T, input: LossInput): T => {
    try {
      return formula(input);
    } catch (error) {
      // What the runtime says of a step that cannot be compiled is for whoever compiles it.
      if ((error as Error)?.name === 'RuntimeError') throw error;
      return refuse(`throws: ${reasonOf(error)}`);
    }
  };
  if (closedForm !== undefined) {
    return {
      ...facts,
      closedForm: (input) => {
        const [batch, classes] = input.logits.shape;
        const form = calling(closedForm, input);
        checkShape(form?.value, [batch, 1], 'gives as its value', refuse);
        checkShape(form.gradient, [batch, classes], 'gives as its gradient', refuse);
        return form;
      },
    };
  }
  const perExample = functionOf(exports) as LossModule['default'];
  if (perExample === undefined) {
    return refuse(
      'exports no loss: export default a function of { logits, target, alpha } that gives [batch]',
    );
  }
  return {
    ...facts,
    perExample: (input) => {
      const values = calling(perExample, input);
      checkShape(values, [input.logits.shape[0]], 'gives', refuse);
      return values;
    },
  };
}

function alphaOf(exported: unknown, refuse: (reason: string) => never): AlphaDeclaration | null {
  if (exported === undefined || exported === null) return null;
  const { min, max, below, example, grid = [], meaning = 'alpha', symbol = 'α' } = exported as OwnAlpha;
  const ends = [max, below].filter((end) => end !== undefined);
  const isRange = typeof min === 'number' && ends.every((end) => typeof end === 'number' && end > min);
  if (!isRange || ends.length > 1) {
    return refuse('exports an alpha that is no range: give { min: 0, max: 1 }, or below in place of max');
  }
  const range = { min, ...(max === undefined ? {} : { max }), ...(below === undefined ? {} : { below }) };
  const [first = example ?? min] = grid;
  const alpha = { ...range, meaning, symbol, grid, example: example ?? first };
  const wrong = [alpha.example, ...grid].find((value) => !isInRange(value, range));
  if (wrong !== undefined)
    refuse(`exports an alpha ${describeRange(range)} whose example or grid has ${wrong}`);
  return alpha;
}

/** Throws unless a loss gave a tensor of this shape, whose first side is the batch. */
function checkShape(
  value: tf.Tensor | undefined,
  [batch, ...sides]: readonly number[],
  gives: string,
  refuse: (reason: string) => never,
): void {
  const wanted = `[${['batch', ...sides].join()}]`;
  if (!Array.isArray(value?.shape)) return refuse(`${gives} no tensor: give one of shape ${wanted}`);
  if (value.shape.join() === [batch, ...sides].join()) return;
  const [first, ...rest] = value.shape;
  const found = [first === batch ? 'batch' : first, ...rest].filter((side) => side !== undefined);
  refuse(`${gives} a tensor of shape [${found.join()}]: give one of shape ${wanted}`);
}
