/**
 * Sets up whatever is missing, quickly if nothing is. All words go to stderr, so that a command's own output stays clean.
 */
const [major] = process.versions.node.split('.');
if (Number(major) < 20) {
  console.error(`Node ${process.versions.node} is too old: install Node 20 or later (https://nodejs.org)`);
  process.exit(1);
}
const { SetupError } = await import('../../libs/runtime/setup/errors.cjs');
const { endOnSignals } = await import('../../libs/runtime/setup/process/command.cjs');
const { setUp } = await import('./steps.cjs');

endOnSignals();
try {
  await setUp({ say: (text) => process.stderr.write(text) });
} catch (error) {
  console.error(
    error instanceof SetupError ? `set-up: ${error.message.replaceAll('\n', '\nset-up: ')}` : error,
  );
  process.exit(1);
}
