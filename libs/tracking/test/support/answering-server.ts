import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const id = 'b1946ac92492d2347c6235b4d2611184';
const info = {
  run_id: id,
  experiment_id: '7',
  run_name: 'one',
  status: 'RUNNING',
  artifact_uri: `mlflow-artifacts:/7/${id}/artifacts`,
  lifecycle_stage: 'active',
  start_time: 1,
};
const metric = { key: 'loss', value: 0.5, timestamp: 1, step: 0 };
const tag = { key: 'seed', value: '0' };
const run = {
  info,
  data: { metrics: [metric], params: [tag], tags: [tag] },
  inputs: { dataset_inputs: [{ dataset: { name: 'mnist', digest: 'abc', source_type: 'x', source: 'y' } }] },
  outputs: { model_outputs: [{ model_id: 'm-1', step: 0 }] },
};
const model = {
  info: {
    model_id: 'm-1',
    experiment_id: '7',
    name: 'model',
    artifact_uri: 'mlflow-artifacts:/7/models/m-1/artifacts',
    status: 1,
  },
};
const experiment = { experiment_id: '7', name: 'x', lifecycle_stage: 'active' };

/** An answer that has something for every call of the API. */
export const wholeAnswer = {
  ...{ experiment_id: '7', experiment, experiments: [experiment] },
  ...{ run, runs: [run], run_info: info, metrics: [metric] },
  files: [{ path: 'model/MLmodel', is_dir: false, file_size: 3 }],
  ...{ model, models: [model], registered_model: { name: 'm' } },
  ...{ model_version: { name: 'm', version: '1' }, model_versions: [{ name: 'm', version: '1' }] },
};

/** A server that answers every call with the same, and every file with three bytes. */
export class AnsweringServer {
  answer: string | Buffer = JSON.stringify(wholeAnswer);
  /** Told what is sent. */
  onBody: (body: string) => void = () => undefined;
  readonly #server: Server = createServer((request, response) => {
    const isFile = request.url?.includes('/mlflow-artifacts/') ?? false;
    const body: Buffer[] = [];
    request.on('data', (piece: Buffer) => body.push(piece));
    request.on('end', () => {
      this.onBody(Buffer.concat(body).toString());
      response.end(isFile && request.method === 'GET' ? 'abc' : this.answer);
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
