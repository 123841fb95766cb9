import { connect } from 'node:net';
import { freePort } from '../mlflow/port.cjs';
import { guarded } from './guarded';
import { redisPath } from './programs';

/** A real Redis server on 127.0.0.1. */
export interface RedisServer {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** As `redis://127.0.0.1:PORT`. */
  readonly url: string;
  /** What the server has written to its log. */
  log(): string;
  /** Ends it for good. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash does; its data are lost unless it keeps them. */
  kill(): Promise<void>;
  /** Ends it if it runs, and starts it again at the same address, empty unless it keeps its data. */
  restart(): Promise<void>;
}

export interface RedisOptions {
  /** Keeps its data on disk, each change before it is answered, for as long as the test lasts. Default false. */
  keeps?: boolean;
  /** Further flags of `redis-server`. */
  args?: readonly string[];
}

/** Starts a Redis server and waits until it answers. It ends with the test's process at the latest. */
export async function startRedisServer(options: RedisOptions = {}): Promise<RedisServer> {
  const file = redisPath();
  if (file === null)
    throw new Error('redis-server is missing: install it with sudo apt-get install -y redis-server');
  const port = await freePort();
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--save', ''];
  const keeping = options.keeps ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
  const program = guarded({
    name: 'redis',
    command: { file, args: [...args, ...keeping, ...(options.args ?? [])] },
    isReady: () => answersPing(port),
  });
  await program.start();
  return {
    host: '127.0.0.1',
    port,
    url: `redis://127.0.0.1:${port}`,
    log: program.log,
    stop: program.remove,
    kill: () => program.end('SIGKILL'),
    restart: async () => {
      await program.end();
      await program.start();
    },
  };
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => finish(false));
    socket.on('error', () => finish(false));
    socket.on('data', (data) => finish(data.toString().startsWith('+PONG')));
    socket.write('PING\r\n');
  });
}
