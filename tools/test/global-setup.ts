import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sharedServerVariable, startMlflowServer, type MlflowServer } from './mlflow-service';

let shared: Promise<MlflowServer> | null = null;

/** Offers the specs of this jest run one MLflow server, which is started when the first of them asks, unless they are told of one. */
export default async function globalSetup(): Promise<void> {
  if (process.env[sharedServerVariable]) return;
  const broker = createServer((_request, response) => {
    shared ??= startMlflowServer();
    shared.then(
      ({ uri }) => response.end(uri),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
  broker.unref();
  process.env[sharedServerVariable] = `http://127.0.0.1:${(broker.address() as AddressInfo).port}`;
  (globalThis as { stopSharedServices?: () => Promise<void> }).stopSharedServices = async () => {
    broker.close();
    broker.closeAllConnections();
    await (await shared?.catch(() => null))?.stop();
  };
}
