import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tf } from '../tensorflow';
import { exportSavedModel, loadSavedModel } from './saved-model';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'label-relaxation-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const options = { inputName: 'images', inputShape: [2, 3], outputName: 'logits' };

describe('exportSavedModel', () => {
  it('writes a model for any batch size, with its signature', async () => {
    const weights = tf.variable(tf.randomNormal([6, 4], 0, 1, 'float32', 1));
    const logits = (x: tf.Tensor) => x.reshape([x.shape[0], 6]).matMul(weights).add(1);
    const model = join(folder, 'new', 'model');
    await exportSavedModel(model, logits, { ...options, variables: [weights] });
    expect(readdirSync(model)).toEqual(['saved_model.pb']);

    const [graph] = await tf.node.getMetaGraphsFromSavedModel(model);
    expect(graph!.tags).toEqual(['serve']);
    const { inputs, outputs } = graph!.signatureDefs['serving_default']!;
    expect(Object.keys(inputs)).toEqual(['images']);
    expect(Object.keys(outputs)).toEqual(['logits']);

    const loaded = await loadSavedModel(model);
    for (const size of [1, 7]) {
      const x = tf.randomNormal([size, 2, 3], 0, 1, 'float32', size);
      const y = loaded.predict(x);
      expect(y.shape).toEqual([size, 4]);
      const expected = logits(x).dataSync();
      y.dataSync().forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
    }
    loaded.dispose();
  });

  it('refuses a function that changes variables', async () => {
    const count = tf.variable(tf.zeros([2, 3]));
    const counting = (x: tf.Tensor) => {
      count.assign(count.add(x.sum(0)));
      return x;
    };
    await expect(exportSavedModel(folder, counting, { ...options, variables: [count] })).rejects.toThrow(
      'changes variables',
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says where there is no model', async () => {
    await expect(loadSavedModel(folder)).rejects.toThrow(`no TensorFlow SavedModel to load in ${folder}`);
  });
});
