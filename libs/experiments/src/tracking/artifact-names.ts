/** The artifacts of a run. */
export const configurationFile = 'configuration.json';
/** The text of the user's own network and loss. */
export const modulesFolder = 'modules';
export const summaryFile = 'model_summary.txt';
export const resultFile = 'result.json';
/** What `transform` of `@label-relaxation/calibration` applies to the model's logits. */
export const calibratorFile = 'calibrator.json';
/** How the methods did that the calibrator was chosen from. */
export const calibratorChoiceFile = 'calibrator_choice.json';
/** What `predictSets` of `@label-relaxation/calibration` makes sets of calibrated probabilities with. */
export const conformalFile = 'conformal.json';
export const diagramDataFile = 'reliability_diagram.json';
export const diagramFile = 'reliability_diagram.svg';
/** How the network does on each class, by its name. */
export const classesDataFile = 'classes.json';
export const classesDiagramFile = 'classes.svg';
/** The page of the diagrams, the most confident mistakes, the classes and the most suspicious labels. */
export const confidenceFile = 'confidence.html';
/** Training examples by how implausible the model finds their labels, where these were changed. */
export const suspiciousFile = 'suspicious_labels.csv';
/** The trained network, as a logged model: an MLflow model folder with a SavedModel and a tfjs LayersModel. */
export const modelName = 'model';
/** The same of the epoch with the best validation accuracy. */
export const bestModelName = 'best_model';

/** The folders of a model's forms, in its own. */
export const tfjsFolder = 'tfjs';
export const savedModelFolder = 'saved_model';
/** Where the tfjs LayersModel is in a model's folder. */
export const layersModelFile = `${tfjsFolder}/model.json`;
/** Where the ONNX model is in a model's folder. */
export const onnxFile = 'model.onnx';
