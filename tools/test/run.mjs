/**
 * All checks: type-check, lint, format and every jest project. Further arguments go to jest and leave the others out.
 * With --long, tests that try something again and again do so for hours, not for seconds.
 * The last line says how many passed and failed, the first three counting as one each. Exit code 0 if none failed.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { checkoutPaths, root } from '../setup/paths.cjs';

const { modules } = checkoutPaths();
const report = join(root, 'tmp', `jest-${process.pid}.json`);
const isLong = process.argv.includes('--long');
const chosen = process.argv.slice(2).filter((argument) => argument !== '--long');
if (isLong) process.env['LABEL_RELAXATION_LONG_TESTS'] = '1';

/** @type {(...path: string[]) => string} */
const bin = (...path) => join(modules, ...path);

/** One step after the other; the checks of a step run beside each other. Lint reads what the type-check writes. */
const steps = [
  [
    { name: 'types', args: [bin('typescript', 'bin', 'tsc'), '--build', 'tsconfig.json'], minutes: 15 },
    {
      name: 'format',
      args: [bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.'],
      minutes: 10,
    },
  ],
  [{ name: 'lint', args: [bin('eslint', 'bin', 'eslint.js'), '.', '--max-warnings', '0'], minutes: 15 }],
];

/** Ends a check that is under way. @type {Set<(signal: NodeJS.Signals) => void>} */
const running = new Set();

/**
 * Runs a check to its end, showing what it writes. One that takes too long is ended with all its processes.
 *
 * @param {{ name: string, args: string[], minutes: number }} check
 * @returns {Promise<boolean>} whether it passed
 */
function run({ name, args, minutes }) {
  console.log(`== ${name}`);
  const start = Date.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    const kill = (/** @type {NodeJS.Signals} */ signal) => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal);
      } catch {
        // It has ended.
      }
    };
    running.add(kill);
    const limit = setTimeout(() => {
      console.log(`${name} was ended after ${minutes} minutes`);
      kill('SIGKILL');
    }, minutes * 60_000);
    child.on('exit', (code) => {
      clearTimeout(limit);
      kill('SIGKILL');
      running.delete(kill);
      console.log(
        `== ${name} ${code === 0 ? 'passed' : 'failed'} after ${((Date.now() - start) / 1000).toFixed(0)} s`,
      );
      resolve(code === 0);
    });
  });
}

/** @type {NodeJS.Timeout | undefined} */
let ending;
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
  process.on(signal, () => {
    for (const kill of running) kill('SIGTERM');
    ending ??= setTimeout(() => {
      for (const kill of running) kill('SIGKILL');
      process.exit(code);
    }, 1_000);
  });
}

mkdirSync(join(root, 'tmp'), { recursive: true });
let passed = 0;
let failed = 0;
if (chosen.length === 0) {
  for (const checks of steps) {
    for (const isRight of await Promise.all(checks.map(run))) {
      if (isRight) passed++;
      else failed++;
    }
  }
}

// Several processes even on two cores, as many specs wait for servers; and time enough for tests on a busy machine.
const workers = String(Math.max(2, availableParallelism() - 1));
const jest = [
  ...[bin('jest', 'bin', 'jest.js'), '-c', 'jest.config.cjs', '--json', '--outputFile', report],
  ...['--maxWorkers', workers, ...chosen],
];
const good = await run({ name: 'tests', args: jest, minutes: isLong ? 24 * 60 : 45 });
if (existsSync(report)) {
  const result = JSON.parse(readFileSync(report, 'utf8'));
  rmSync(report);
  passed += result.numPassedTests;
  const ownFailures = result.numFailedTests + result.numRuntimeErrorTestSuites;
  failed += ownFailures;
  if (!good && ownFailures === 0) failed++;
  if (result.numPendingTests > 0) {
    console.log(
      `${result.numPendingTests} skipped (they are of --long, or redis-server or chromium is not installed, or this user may mount nothing)`,
    );
  }
} else {
  failed++;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
