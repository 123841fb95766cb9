/**
 * Runs a program for a test and ends it with everything it started when the test's process is gone, however that
 * went: guard.cjs FOLDER PROGRAM ARGS... The folder is removed then. Started as the leader of a process group, with
 * a pipe as stdin that the test's process holds open.
 */
const { spawn } = require('node:child_process');
const { rmSync } = require('node:fs');

const [folder, program, ...args] = process.argv.slice(2);
if (folder === undefined || program === undefined) throw new Error('guard.cjs needs a folder and a program');
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
child.on('exit', (code) => process.exit(code ?? 1));
child.on('error', (error) => {
  console.error(error.message);
  process.exit(127);
});
process.on('SIGTERM', () => undefined);
process.on('SIGINT', () => undefined);
process.stdin.on('error', () => undefined);
process.stdin.on('close', () => {
  process.kill(-process.pid, 'SIGTERM');
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  setTimeout(() => {
    rmSync(folder, { recursive: true, force: true });
    process.kill(-process.pid, 'SIGKILL');
  }, 5_000);
});
process.stdin.resume();
