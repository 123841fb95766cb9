import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
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
  const timer = setInterval(() => {}, 1000);
  await once(signal, 'abort');
  if (mode === 'stubborn') {
    await delay(1200);
    process.stdout.write('a second later\n');
    await new Promise(() => {});
  }
  if (mode === 'unread') process.stderr.write('what nobody reads\n');
  if (mode === 'quiet' || mode === 'busy') {
    writeSync(process.stdout.fd, 'stopping\n');
    if (mode === 'busy') for (const end = performance.now() + 3000; performance.now() < end;);
    await delay(700);
  }
  await delay(50);
  clearInterval(timer);
  process.stdout.write('tidied up\n');
  signal.throwIfAborted();
  return 0;
});
