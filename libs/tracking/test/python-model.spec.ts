import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pythonWithTensorFlow, startMlflowServer, type MlflowServer } from '../../../tools/test/services';
import { withRun } from '../src/index';
import { temporaryFolder } from './support/workspace';

jest.setTimeout(180_000);

const root = join(__dirname, '../../..');
const model = JSON.parse(readFileSync(join(root, 'tools/fixtures/tracking/saved_model.json'), 'utf8')) as {
  files: Record<string, string>;
  inputs: number[][][][];
  logits: number[][];
};

const python = pythonWithTensorFlow();
const whereThereIsPython = python === null ? describe.skip : describe;

whereThereIsPython("Python's mlflow.pyfunc", () => {
  let server: MlflowServer;
  const folder = temporaryFolder();

  beforeAll(async () => {
    server = await startMlflowServer({ shared: true });
  });

  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  it('loads a logged model by runs:/<id>/model and predicts the same logits', async () => {
    for (const [name, content] of Object.entries(model.files)) {
      const file = join(folder.path, 'model', 'tfmodel', name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, Buffer.from(content, 'base64'));
    }
    const journalDir = join(folder.path, 'journal');
    const options = { trackingUri: server.uri, journalDir, experimentName: `python-${process.pid}` };
    const id = await withRun(options, async (run) => {
      await run.logModel(join(folder.path, 'model'), {
        description: {
          savedModel: 'tfmodel',
          signature: {
            inputs: [{ name: 'images', type: 'float32', shape: [-1, 2, 2, 1] }],
            outputs: [{ name: 'logits', type: 'float32', shape: [-1, 3] }],
          },
          inputExample: { images: model.inputs },
        },
      });
      return run.id;
    });
    const printed = execFileSync(
      python ?? '',
      [
        join(__dirname, 'support/load_model.py'),
        server.uri,
        `runs:/${id}/model`,
        JSON.stringify(model.inputs),
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const logits = JSON.parse(printed.trim().split('\n').at(-1) ?? '') as number[][];
    expect(logits).toHaveLength(3);
    logits.forEach((row, i) =>
      row.forEach((value, j) => expect(value).toBeCloseTo(model.logits[i]?.[j] ?? NaN, 5)),
    );
  });
});
