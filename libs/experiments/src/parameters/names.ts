import { MODEL_TYPES } from '@label-relaxation/models/declarations';

/** The networks by the names of the command line, with the names that the paper's files and MLflow runs use. */
export const modelTypes = MODEL_TYPES;
