import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createModel, type Model } from '@label-relaxation/models';
import { tf } from '@label-relaxation/runtime';
import { damage, damaged } from '../../../tools/test/damage';
import { damagedJson, jsonDamage } from '../../../tools/test/damaged-json';
import { fuzz } from '../../../tools/test/fuzz';
import { tries } from '../../../tools/test/long';
import { initFrom } from '../src/run/init-from';

jest.setTimeout(3_600_000);

const folder = mkdtempSync(join(tmpdir(), 'damaged-network-'));
const place = join(folder, 'saved');
let model: Model;
let topology: unknown;
let weights: Buffer;

beforeAll(async () => {
  const { network, ...about } = createModel('simple_dense', { inputShape: [2], classes: 2, seed: 0 });
  network.dispose();
  model = { ...about, network: tf.sequential({ layers: newLayers() }) };
  await model.network.save(`file://${join(folder, 'whole')}`);
  topology = JSON.parse(readFileSync(join(folder, 'whole/model.json'), 'utf8'));
  weights = readFileSync(join(folder, 'whole/weights.bin'));
  mkdirSync(place);
  writeFileSync(join(place, 'weights.bin'), weights);
});
afterAll(() => {
  model.network.dispose();
  rmSync(folder, { recursive: true });
});

/** A network that is read in a moment. */
function newLayers(): tf.layers.Layer[] {
  return [
    tf.layers.dense({ units: 3, inputShape: [2], name: 'first' }),
    tf.layers.batchNormalization({ name: 'norm' }),
    tf.layers.dense({ units: 2, name: 'last' }),
  ];
}

/** Begins with a model in a folder; a value that is no number must not come out of it unnoticed. */
async function begin(): Promise<boolean> {
  await initFrom(model, { init_from: place, tracking_uri: null, offline: true });
  return true;
}

it('a network begins with the weights of a saved one, or the damaged one is refused in one line', async () => {
  const { taken, refused } = await fuzz({
    inputs: jsonDamage,
    runs: tries(25, 5_000),
    refusals: ['UsageError'],
    read: (changes) => {
      writeFileSync(join(place, 'model.json'), JSON.stringify(damagedJson(topology, changes)) ?? '');
      return begin();
    },
  });
  expect([taken > 0, refused > 0]).toEqual([true, true]);
});

it('so with damaged bytes', async () => {
  const whole = Buffer.from(JSON.stringify(topology));
  const { refused } = await fuzz({
    inputs: damage,
    runs: tries(25, 5_000),
    refusals: ['UsageError'],
    read: (edits) => {
      writeFileSync(join(place, 'model.json'), damaged(whole, edits));
      return begin();
    },
  });
  expect(refused).toBeGreaterThan(0);
  expect(readdirSync(folder).sort()).toEqual(['saved', 'whole']);
});

it("weights that lie layer by layer, as Keras's converter leaves them, go to their own places", async () => {
  const trained = tf.sequential({ layers: newLayers() });
  trained.setWeights(trained.getWeights().map((weight, i) => weight.add(i + 1)));
  await trained.save(`file://${place}`);
  const json = JSON.parse(readFileSync(join(place, 'model.json'), 'utf8'));
  const [manifest] = json.weightsManifest;
  const all = readFileSync(join(place, 'weights.bin'));
  let at = 0;
  const parts = manifest.weights.map((weight: { name: string; shape: number[] }) => {
    const bytes = all.subarray(at, (at += 4 * weight.shape.reduce((size, side) => size * side, 1)));
    return { weight, bytes, layer: ['first', 'norm', 'last'].indexOf(weight.name.split('/')[0]!) };
  });
  parts.sort((a: { layer: number }, b: { layer: number }) => a.layer - b.layer);
  manifest.weights = parts.map(({ weight }: { weight: object }) => weight);
  expect(manifest.weights.at(-1).name).toBe('last/bias');
  writeFileSync(join(place, 'model.json'), JSON.stringify(json));
  writeFileSync(
    join(place, 'weights.bin'),
    Buffer.concat(parts.map(({ bytes }: { bytes: Uint8Array }) => bytes)),
  );
  const fresh = tf.sequential({ layers: newLayers() });
  const given = { init_from: place, tracking_uri: null, offline: true };
  await initFrom({ ...model, name: 'own', network: fresh }, given);
  const valuesOf = (network: tf.LayersModel) => network.getWeights().map((weight) => [...weight.dataSync()]);
  expect(valuesOf(fresh)).toEqual(valuesOf(trained));
});

it('weights of another size are refused', async () => {
  writeFileSync(join(place, 'model.json'), JSON.stringify(topology));
  for (const size of [0, 3, weights.length - 4, weights.length + 4]) {
    writeFileSync(join(place, 'weights.bin'), Buffer.alloc(size));
    await expect(begin()).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.not.stringContaining('\n'),
    });
  }
});
