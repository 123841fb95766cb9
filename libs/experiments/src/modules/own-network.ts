import type { Model, ModelOptions, OwnNetwork } from '@label-relaxation/models';
import { createModel, ModelError } from '@label-relaxation/models';
import { tf } from '@label-relaxation/runtime';
import { UsageError } from '../errors';
import { functionOf, loadModule, reasonOf } from './load-module';

/**
 * Builds the network of a module of the user's own: the function that it exports by default, or as its only one, adds
 * layers from the inputs to the logits, or makes a tfjs model; `activityLoss`, if it exports one, is a penalty on the
 * logits.
 *
 * @throws UsageError in one line where the module cannot be loaded, exports no network, or its network doesn't fit
 */
export function buildOwn(path: string, options: ModelOptions): Model {
  const refuse = (reason: string): never => {
    throw new UsageError(`--model_name ${path}: ${reason}`);
  };
  const { name, exports } = loadModule(path, 'model_name');
  const { activityLoss, ...others } = exports;
  const layers = functionOf(others) as OwnNetwork['layers'] | undefined;
  if (layers === undefined) {
    return refuse(
      'exports no network: export default a function of (builder, inputs, classes) that gives the logits',
    );
  }
  const own = { name, layers, ...(typeof activityLoss === 'function' ? { activityLoss } : {}) } as OwnNetwork;
  let model: Model;
  try {
    model = createModel(own, options);
  } catch (error) {
    return refuse(error instanceof ModelError ? error.message : `throws: ${reasonOf(error)}`);
  }
  const isFinite = tf.tidy(() => {
    const inputs = tf.zeros([2, ...options.inputShape]);
    return model.logits(inputs, { training: false }).isFinite().all().dataSync()[0] === 1;
  });
  if (!isFinite) refuse('gives NaN or infinity for inputs of zeros');
  return model;
}
