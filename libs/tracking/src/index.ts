export { MlflowClient } from './client/client';
export { MlflowError } from './client/errors';
