import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tf, withRandomStep } from '@label-relaxation/runtime';
import { createModel, type ImageShape, type Model, type NamedVariable } from './model';
import { MODEL_NAMES, networkOf } from './names';
import type { ModelName } from './registry';

const shapeOf = (name: ModelName): ImageShape =>
  networkOf(name).smallest === null ? [28, 28, 1] : [32, 32, 3];

const models: Model[] = [];
const build = (
  name: ModelName,
  options: { inputShape?: ImageShape; classes?: number; seed?: number } = {},
): Model => {
  const model = createModel(name, { inputShape: shapeOf(name), classes: 10, seed: 0, ...options });
  models.push(model);
  return model;
};
afterEach(() => models.splice(0).forEach((model) => model.dispose()));

const imagesOf = (model: Model, batch = 2): tf.Tensor4D =>
  tf.randomNormal([batch, ...(model.inputShape as ImageShape)], 0, 1, 'float32', 4);
const variablesOf = (model: Model) => [...model.trainableVariables, ...model.nonTrainableVariables];
const digest = ({ variable }: NamedVariable): string => {
  const { buffer, byteOffset, byteLength } = variable.dataSync();
  return createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');
};

it.each([
  ['simple_dense', 10, 1_863_690],
  ['vgg', 10, 15_001_418],
  ['resnet', 10, 1_673_738],
  ['densenet', 10, 793_150],
  ['vgg', 100, 15_047_588],
  ['resnet', 100, 1_696_868],
  ['densenet', 100, 824_020],
] as const)('%s for %d classes has the parameters that Keras counts', (name, classes, parameters) => {
  const model = build(name, { classes });
  expect(model.parameters).toBe(parameters);
  expect(variablesOf(model).reduce((sum, { variable }) => sum + variable.size, 0)).toBe(parameters);
});

describe.each(MODEL_NAMES)('%s', (name) => {
  it('has names that are unique and the same for every copy', () => {
    const names = [build(name), build(name)].map((model) =>
      variablesOf(model).map((variable) => variable.name),
    );
    expect(names[0]).toEqual(names[1]);
    expect(new Set(names[0]).size).toBe(names[0]?.length);
  });

  it('starts from its seed, 0 included, with different weights in every layer', () => {
    const kernelsOf = (seed: number) =>
      build(name, { seed })
        .trainableVariables.filter((variable) => variable.name.endsWith('kernel'))
        .map(digest);
    const [first, again, other] = [kernelsOf(0), kernelsOf(0), kernelsOf(1)];
    expect(first.length).toBeGreaterThan(2);
    expect(again).toEqual(first);
    expect(new Set([...first, ...other]).size).toBe(2 * first.length);
  });

  it('is loaded by plain tfjs from its saved form, with the same logits', async () => {
    const model = build(name);
    const images = imagesOf(model);
    disturb(model);
    const folder = mkdtempSync(join(tmpdir(), 'models-'));
    try {
      await model.network.save(`file://${folder}`);
      const saved = readFileSync(join(folder, 'model.json'), 'utf8');
      const plain = await tf.loadLayersModel(`file://${folder}/model.json`);
      const own = model.logits(images, { training: false });
      const theirs = plain.predict(images) as tf.Tensor;
      expect(saved).toContain('"class_name":"Dense"');
      expect(theirs.shape).toEqual([2, 10]);
      expect(tf.max(tf.abs(tf.sub(own, theirs))).arraySync()).toBeLessThan(1e-4);
      expect(tf.max(tf.abs(own)).arraySync()).toBeGreaterThan(1e-2);
      plain.dispose();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has a gradient for every trainable variable, and updates the others in training only', () => {
    const model = build(name);
    const images = imagesOf(model, 3);
    const before = model.nonTrainableVariables.map(digest);
    model.logits(images, { training: false }).dispose();
    expect(model.nonTrainableVariables.map(digest)).toEqual(before);

    const { grads } = withRandomStep(tf.tensor1d([1, 2], 'int32'), () =>
      tf.variableGrads(
        () => model.logits(images, { training: true }).square().mean(),
        model.trainableVariables.map(({ variable }) => variable),
      ),
    );
    for (const { variable } of model.trainableVariables) {
      const gradient = grads[variable.name] as tf.Tensor;
      expect(gradient.shape).toEqual(variable.shape);
      expect(tf.max(tf.abs(gradient)).arraySync()).toBeLessThan(Infinity);
    }
    model.nonTrainableVariables.map(digest).forEach((after, i) => expect(after).not.toBe(before[i]));
    tf.dispose(grads);
  });

  it('sums up its layers', () => {
    const model = build(name);
    const summary = model.summary();
    expect(summary).toContain(`Total params: ${model.parameters}`);
    model.network.layers.forEach((layer) => expect(summary).toContain(layer.name));
  });

  it('frees all that it made', () => {
    const before = tf.memory().numTensors;
    const model = createModel(name, { inputShape: shapeOf(name), classes: 3, seed: 5 });
    const images = imagesOf(model);
    model.logits(images, { training: false }).dispose();
    images.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

/** Gives moving averages and biases values of a trained network's kind, so that a mix-up would show. */
function disturb(model: Model): void {
  variablesOf(model).forEach(({ name, variable }, i) => {
    if (name.endsWith('kernel')) return;
    tf.tidy(() =>
      variable.assign(tf.add(variable, tf.randomUniform(variable.shape, 0, 0.2, 'float32', i + 1))),
    );
  });
}

it('takes larger square images', () => {
  for (const name of ['vgg', 'resnet', 'densenet'] as const) {
    const model = build(name, { inputShape: [64, 64, 3], classes: 100 });
    expect(model.logits(imagesOf(model, 1), { training: false }).shape).toEqual([1, 100]);
  }
});

it('takes features, with simple_dense', () => {
  const model = createModel('simple_dense', { inputShape: [7], classes: 300, seed: 0 });
  expect(model.parameters).toBe((7 + 1) * 1024 + (1024 + 1) * 1024 + (1024 + 1) * 300);
  expect(model.logits(tf.ones([5, 7]), { training: true }).shape).toEqual([5, 300]);
  expect(() => createModel('resnet', { inputShape: [7], classes: 3, seed: 0 })).toThrow(
    'ResNet56V2 needs images, and the data has 7 features: choose simple_dense.',
  );
  model.dispose();
});

it('names the L2 penalties: every convolution and the dense layers that Keras penalises', () => {
  const l2Of = (name: ModelName) => {
    const model = build(name);
    const names = new Map(model.trainableVariables.map((named) => [named.variable, named.name]));
    return model.regularizers.map(({ variable, l2 }) => [names.get(variable), l2]);
  };
  const vgg = l2Of('vgg');
  expect(vgg).toHaveLength(14);
  expect(vgg.every(([name, l2]) => l2 === 5e-4 && /(conv\d|top_dense)\/kernel$/.test(String(name)))).toBe(
    true,
  );
  const resnet = l2Of('resnet');
  expect(resnet).toHaveLength(1 + 54 + 3 + 1);
  expect(resnet.at(-1)).toEqual(['logits/kernel', 0.01]);
  expect(
    resnet
      .slice(0, -1)
      .every(([name, l2]) => l2 === 1e-4 && /(conv\d?|shortcut)\/kernel$/.test(String(name))),
  ).toBe(true);
  expect(l2Of('simple_dense')).toEqual([]);
  expect(l2Of('densenet')).toEqual([]);
});

it('has VGG’s dropouts with their rates, and none elsewhere', () => {
  const rates = (name: ModelName) =>
    build(name)
      .network.layers.filter((layer) => layer.getClassName() === 'Dropout')
      .map((layer) => layer.getConfig()['rate']);
  expect(rates('vgg')).toEqual([0.3, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.5, 0.5]);
  expect(['simple_dense', 'resnet', 'densenet'].flatMap((name) => rates(name as ModelName))).toEqual([]);
});

it('drops in training only, by seed and step', () => {
  const model = build('vgg');
  const images = imagesOf(model);
  const trained = (seed: number, step: number) =>
    withRandomStep(tf.tensor1d([seed, step], 'int32'), () => [
      ...model.logits(images, { training: true }).dataSync(),
    ]);
  expect(trained(0, 1)).toEqual(trained(0, 1));
  expect(trained(0, 2)).not.toEqual(trained(0, 1));
  expect(trained(1, 1)).not.toEqual(trained(0, 1));
  expect(() => model.logits(images, { training: true })).toThrow('withRandomStep');
});

it('penalises ResNet’s probabilities by 0.01 of their squares, over the batch', () => {
  const model = build('resnet');
  const logits = tf.tensor2d([
    [0, 0],
    [Math.log(3), 0],
  ]);
  expect(model.activityLoss?.(logits).arraySync()).toBeCloseTo((0.01 * (0.5 + 0.625)) / 2, 7);
  expect(build('vgg').activityLoss).toBeUndefined();
});

it('refuses what makes no sense', () => {
  expect(() => build('vgg', { inputShape: [28, 28, 1] })).toThrow(
    'VGG16 needs images of at least 32x32 pixels, these have 28x28: choose another model or data set.',
  );
  expect(() => build('resnet', { inputShape: [28, 28, 1] })).toThrow(
    'ResNet56V2 needs images of at least 32x32',
  );
  expect(() => build('densenet', { inputShape: [28, 28, 1] })).not.toThrow();
  expect(() => build('simple_dense', { classes: 1 })).toThrow('1 classes make no sense');
  expect(() => build('simple_dense', { seed: 0.5 })).toThrow('The seed is 0.5');
  expect(() => build('simple_dense', { inputShape: [28, 28] as unknown as ImageShape })).toThrow('[28,28]');
  expect(() => createModel('nonesuch' as ModelName, { inputShape: [8], classes: 2, seed: 0 })).toThrow(
    'Unknown model "nonesuch"',
  );
});
