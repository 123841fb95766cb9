#!/usr/bin/env node
/** The command of this package: `setup` brings TensorFlow's library. */
const { SetupError } = require('./errors.cjs');
const { version } = require('./places.cjs');
const { endOnSignals } = require('./process/command.cjs');
const { setUpTensorFlow } = require('./setup.cjs');

const usage = `npx @label-relaxation/runtime setup

Fetches TensorFlow ${version} and compiles what binds it to Node.js, once for all projects of this user: into
LABEL_RELAXATION_CACHE, else label-relaxation in XDG_CACHE_HOME, else ~/.cache/label-relaxation.
Needs python3 with venv, g++ and make. LABEL_RELAXATION_DEVICE=gpu takes the library for NVIDIA GPUs, and CUDA, where
there is a driver; force-gpu takes it in any case; cpu takes that for the processor even if the other is there.`;

const [command, ...rest] = process.argv.slice(2);
if (command === '--help' || command === '-h' || (command === 'setup' && rest[0] === '--help')) {
  console.log(usage);
} else if (command !== 'setup' || rest.length > 0) {
  const wrong = [command, ...rest].find((word) => word !== 'setup');
  console.error(
    `${wrong === undefined ? 'no command is given' : `"${wrong}" is no command`}: ${usage.split('\n')[0]}`,
  );
  process.exitCode = 2;
} else {
  endOnSignals();
  setUpTensorFlow((text) => process.stderr.write(text)).then(
    (folder) => console.log(`TensorFlow ${version} is set up in ${folder}`),
    (error) => {
      console.error(
        error instanceof SetupError ? `setup: ${error.message.replaceAll('\n', '\nsetup: ')}` : error,
      );
      process.exitCode = 1;
    },
  );
}
