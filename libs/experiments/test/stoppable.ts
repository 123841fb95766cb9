import { runCommand } from '../src/command';
import { UsageError } from '../src/errors';

/** A command for command.spec.ts: waits to be stopped, takes its time to tidy up, or fails as it is told. */
void runCommand(async (signal) => {
  const [mode] = process.argv.slice(2);
  if (mode === 'usage') throw new UsageError('--seed takes a number');
  if (mode === 'fail') throw new Error('the first line\nand a second one');
  if (mode === 'never') await new Promise(() => {});
  process.stdout.write('ready\n');
  if (mode === 'large') {
    process.stdout.write(`${'x'.repeat(1_000_000)}\n`);
    return 0;
  }
  await new Promise((resolve) => {
    const timer = setInterval(() => {}, 1000);
    signal.addEventListener('abort', () => {
      if (mode === 'stubborn') return;
      clearInterval(timer);
      setTimeout(resolve, 50);
    });
  });
  process.stdout.write('tidied up\n');
  signal.throwIfAborted();
  return 0;
});
