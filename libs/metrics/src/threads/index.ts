export { bootstrap, pairedBootstrap } from './bootstrap';

export type { ThreadOptions } from './bootstrap';
