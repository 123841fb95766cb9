import { answersHealth, serverCommand, serverEnvironment } from '../mlflow/launch.cjs';
import { freePort, listens } from '../mlflow/port.cjs';
import { guarded } from './guarded';

/** A real MLflow server on 127.0.0.1, with its own database and artifacts in a temporary folder. */
export interface MlflowServer {
  readonly uri: string;
  readonly port: number;
  /** The folder of mlflow.db and artifacts/; empty for the shared server of another process. */
  readonly directory: string;
  /** What the server has written to its log. */
  log(): string;
  /** Ends it for good and removes its folder. Does nothing to the shared server. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash does; `restart` brings it back with what it had stored. */
  kill(): Promise<void>;
  /** Ends it if it runs, and starts it again at the same address with the same folder. */
  restart(): Promise<void>;
}

export interface MlflowOptions {
  /**
   * Takes the one server that all specs of a jest run share, which saves the five seconds of a start. It must not
   * be killed, and other specs' experiments are on it: use names of your own. Default false.
   */
  shared?: boolean;
  /** Further flags of `mlflow server`. */
  args?: readonly string[];
  /** Further environment variables of the server. */
  environment?: NodeJS.ProcessEnv;
}

/** The environment variable that tells specs where to ask for the shared server. */
export const sharedServerVariable = 'LABEL_RELAXATION_SHARED_MLFLOW';

/**
 * Starts an MLflow server and waits until it answers. It takes five to twenty seconds: give `beforeAll` a limit of
 * 120,000 ms. The server ends with the test's process at the latest.
 */
export async function startMlflowServer(options: MlflowOptions = {}): Promise<MlflowServer> {
  const broker = process.env[sharedServerVariable];
  if (options.shared && broker) return askFor(broker);
  const port = await freePort();
  const uri = `http://127.0.0.1:${port}`;
  const program = guarded({
    name: 'mlflow',
    command: serverCommand(port, options.args),
    environment: serverEnvironment(options.environment),
    isReady: async (pid) => listens(pid, port) && (await answersHealth(uri)),
  });
  await program.start();
  return {
    uri,
    port,
    directory: program.directory,
    log: program.log,
    stop: program.remove,
    kill: () => program.end('SIGKILL'),
    restart: async () => {
      await program.end();
      await program.start();
    },
  };
}

async function askFor(broker: string): Promise<MlflowServer> {
  const response = await fetch(broker, { signal: AbortSignal.timeout(330_000) });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  const refuse = () => Promise.reject(new Error('the shared MLflow server must not be ended by a spec'));
  return {
    uri: text,
    port: Number(new URL(text).port),
    directory: '',
    log: () => '',
    stop: () => Promise.resolve(),
    kill: refuse,
    restart: refuse,
  };
}
