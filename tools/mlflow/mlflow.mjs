import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { SetupError } from '../../libs/runtime/setup/errors.cjs';
import { processIdentity } from '../../libs/runtime/setup/process/identity.cjs';
import { endGroup, serverCommand, serverEnvironment } from './launch.cjs';
import { tryPort } from './port.cjs';
import {
  checkPlace,
  ensureServer,
  placeIn,
  portWords,
  runningServer,
  serverStatus,
  stopServer,
  usualPort,
  writeRecord,
} from './server.cjs';

const usage = `npm run mlflow -- COMMAND

The local MLflow server of this checkout; its runs and its log are in .mlflow/.
  start    start it unless it runs, on port 5000 or the next free one, and leave it running
  stop     stop it
  status   say whether it runs, and where
  serve    run it in the foreground until Ctrl-C`;

/** @param {number} port */
const remark = (port) => `(stop it with: npm run mlflow -- stop${portWords(port)})`;
/** @param {string} line */
const say = (line) => console.error(line);

/** @type {Record<string, () => Promise<number>>} */
const commands = {
  async start() {
    const { uri, port, started } = await ensureServer({ say });
    console.log(
      `The MLflow server ${started ? 'is ready' : 'was running already'} at ${uri} ${remark(port)}`,
    );
    return 0;
  },

  async stop() {
    const server = await stopServer();
    console.log(
      server
        ? `The MLflow server at ${server.uri} is stopped`
        : 'No MLflow server of this checkout was running',
    );
    return 0;
  },

  async status() {
    const status = await serverStatus();
    if (status === null)
      console.log('No MLflow server of this checkout is running (start it with: npm run mlflow -- start)');
    else if (!status.answers)
      console.log(`The MLflow server at ${status.server.uri} runs but does not answer`);
    else
      console.log(
        `The MLflow server is running at ${status.server.uri} since ${status.server.startedAt} ${remark(status.server.port)}`,
      );
    return status?.answers ? 0 : 1;
  },

  async serve() {
    const place = placeIn();
    const other = runningServer(place);
    if (other !== null)
      throw new SetupError(`the MLflow server of this checkout is running already at ${other.uri}`);
    checkPlace(place);
    let port = usualPort;
    while ((await tryPort(port)) === null) port++;
    mkdirSync(place.directory, { recursive: true });
    const { file, args } = serverCommand(port);
    const child = spawn(file, args, {
      cwd: place.directory,
      env: serverEnvironment(),
      stdio: 'inherit',
      detached: true,
    });
    /** @type {Promise<number>} */
    const end = new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
    const pid = child.pid;
    if (pid === undefined) throw new SetupError(`${file} could not be started`);
    let stopping = 0;
    for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
      process.on(signal, () => {
        if (stopping === 0) void endGroup(pid);
        stopping ||= code;
      });
    }
    const uri = `http://127.0.0.1:${port}`;
    writeRecord(place, {
      pid,
      identity: processIdentity(pid) ?? '',
      port,
      uri,
      startedAt: new Date().toISOString(),
    });
    console.log(`The MLflow server will answer at ${uri} (stop it with Ctrl-C${portWords(port)})`);
    const code = await end;
    rmSync(place.record, { force: true });
    return stopping || code;
  },

  /** For commands that need the server: the address alone on stdout, words on stderr. */
  async ensure() {
    const { uri, port, started } = await ensureServer({ say });
    say(`MLflow server ${started ? 'started' : 'running'} at ${uri} ${remark(port)}`);
    console.log(uri);
    return 0;
  },
};

const [name = '', ...rest] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (name === '--help' || name === '-h') {
  console.log(usage);
} else if (command === undefined || rest.length > 0) {
  const problem = name === '' ? 'no command given' : `"${[name, ...rest].join(' ')}" is no command`;
  console.error(`mlflow: ${problem}: give start, stop, status or serve`);
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await command();
  } catch (error) {
    console.error(error instanceof SetupError ? `mlflow: ${error.message}` : error);
    process.exitCode = 1;
  }
}
