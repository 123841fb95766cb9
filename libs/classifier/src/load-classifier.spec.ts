import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { from40Percent, smallModel } from '../test/small-model';
import { ClassifierError } from './errors';
import { loadClassifier } from './load-classifier';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'classifier-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

describe('loadClassifier', () => {
  it('loads a folder, a file, an address and bytes alike', async () => {
    const bytes = smallModel({ metadata: { run_id: 'abc' } });
    writeFileSync(join(folder, 'model.onnx'), bytes);
    const server = createServer((request, response) =>
      request.url === '/models/model.onnx' ? response.end(bytes) : response.writeHead(404).end(),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/models`;
    try {
      for (const source of [
        folder,
        join(folder, 'model.onnx'),
        pathToFileURL(folder),
        address,
        `${address}/`,
        bytes,
      ]) {
        const classifier = await loadClassifier(source);
        expect(classifier.inputShape).toEqual([1, 2, 1]);
        expect(classifier.metadata['run_id']).toBe('abc');
        expect((await classifier.predict([102, 100])).label).toBe('left');
        await classifier.dispose();
      }
      await expect(loadClassifier(`${address}/other`)).rejects.toThrow(/the server answers 404/);
    } finally {
      server.close();
      server.closeAllConnections();
    }
    await expect(loadClassifier(address)).rejects.toThrow(/cannot be reached: .*ECONNREFUSED/);
  });

  it('gives calibrated probabilities', async () => {
    const calibrator = {
      method: 'temperature',
      version: 1,
      classes: 3,
      examples: 9,
      temperature: 2,
    } as const;
    const classifier = await loadClassifier(smallModel({ calibrator }));
    const { probabilities, confidence, best, set } = await classifier.predict([104, 0]);
    expect(probabilities[0]).toBeCloseTo(sigmoid(2), 6);
    expect(confidence).toBe(probabilities[0]);
    expect(best).toBe(0);
    expect(set).toBeNull();
    expect(classifier.alpha).toBeNull();
  });

  it('gives conformal sets, and does not know where there is none or the confidence is small', async () => {
    const conformal = from40Percent();
    const classifier = await loadClassifier(smallModel({ conformal }));
    expect(classifier.alpha).toBe(0.1);
    expect(await classifier.predict([104, 104])).toMatchObject({ label: 'left', set: ['left', 'right'] });
    expect(await classifier.predict([110, 0])).toMatchObject({ label: 'left', set: ['left'] });
    expect(await classifier.predict([100, 100])).toMatchObject({ label: null, set: [], best: 0 });
    const careful = await loadClassifier(smallModel(), { minimumConfidence: 0.9 });
    expect((await careful.predict([102, 100])).label).toBeNull();
    expect((await careful.predict([100, 110])).label).toBe('right');
  });

  it('predicts batches of any size as one by one', async () => {
    const classifier = await loadClassifier(smallModel());
    const examples = Array.from({ length: 600 }, (_, i) => Uint8Array.of(i % 256, (7 * i) % 256));
    const together = await classifier.predictBatch(examples);
    expect(together).toHaveLength(600);
    for (const i of [0, 255, 256, 599]) expect(together[i]).toEqual(await classifier.predict(examples[i]!));
    expect(await classifier.predictBatch([])).toEqual([]);
  });

  it('takes pictures of a canvas, on white and grey', async () => {
    const classifier = await loadClassifier(smallModel());
    const data = Uint8ClampedArray.of(255, 0, 0, 255, 0, 0, 0, 0);
    const { probabilities } = await classifier.predict({ width: 2, height: 1, data });
    const [grey] = (await classifier.predictBatch([[0.299 * 255, 255]])).map((p) => p.probabilities);
    expect([...probabilities]).toEqual([...grey!]);
  });

  it('names classes by their numbers where the model has no names', async () => {
    const classifier = await loadClassifier(smallModel({ classNames: undefined }));
    expect((await classifier.predict([0, 200])).label).toBe('1');
  });

  it.each<[string, () => unknown, string | RegExp]>([
    ['a folder without a model', () => loadClassifier(folder), /there is no such file; export a run's model/],
    ['no folder', () => loadClassifier(join(folder, 'none')), /there is no such file/],
    ['what is no model', () => loadClassifier(Buffer.from('<html>')), /no ONNX file, or a damaged one/],
    ['half a model', () => loadClassifier(smallModel().slice(0, 300)), /no ONNX file, or a damaged one/],
    [
      'a confidence that is none',
      () => loadClassifier(smallModel(), { minimumConfidence: 90 }),
      'minimumConfidence is 90: expected a probability, from 0 to 1.',
    ],
    [
      'too few numbers',
      async () => (await loadClassifier(smallModel())).predict([1]),
      'The example has 1 numbers, the model takes 2 (1x2x1)',
    ],
    [
      'no numbers',
      async () => (await loadClassifier(smallModel())).predict([1, NaN]),
      "The example's number 1 is NaN: give finite numbers.",
    ],
    [
      'a picture of another size',
      async () =>
        (await loadClassifier(smallModel())).predict({ width: 4, height: 1, data: new Uint8Array(16) }),
      'The picture has 1x4 pixels, the model takes 1x2: resize it.',
    ],
    [
      'names for another number of classes',
      () => loadClassifier(smallModel({ classNames: undefined, metadata: { class_names: '["a"]' } })),
      'The model has 3 classes and 1 class names',
    ],
  ])('refuses %s in one line', async (_, act, message) => {
    await expect(act()).rejects.toThrow(message);
    await expect(act()).rejects.toBeInstanceOf(ClassifierError);
  });
});
