/** The artifacts of a run. */
export const configurationFile = 'configuration.json';
export const summaryFile = 'model_summary.txt';
export const resultFile = 'result.json';
export const diagramDataFile = 'reliability_diagram.json';
export const diagramFile = 'reliability_diagram.svg';
/** Folder of the trained network as a tfjs LayersModel. */
export const modelFolder = 'tfjs_model';
/** The same of the epoch with the best validation accuracy. */
export const bestModelFolder = 'best_tfjs_model';
