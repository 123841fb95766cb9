export { bindControls, controlsHtml } from './controls';
export { everyOther } from './every-other';
export { section } from './html';
export { pageStyle } from './page-style';
export { classesSvg, figuresByClass } from './parts/by-class';
export { coveredBy } from './parts/coverage';
export { figuresOf } from './parts/figures';
export { confidentMistakes, mistakeList, pictureOf } from './parts/mistakes';
export { pageParts, partNames, partSection } from './parts/parts';
export { recomputer } from './recompute';
export { defaultSettings, logarithms, predict, predictedBy } from './scored-model';

export type { ClassFigures } from './parts/by-class';
export type { Covered } from './parts/coverage';
export type { Figures } from './parts/figures';
export type { Mistake, Shown } from './parts/mistakes';
export type { Part, PartName } from './parts/parts';
export type { PartListener } from './recompute';
export type { Labelled, Predicted, ScoredModel, Settings } from './scored-model';
