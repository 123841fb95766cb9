import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const mlflow = (...args: string[]) =>
  spawnSync(process.execPath, [join(__dirname, 'mlflow.mjs'), ...args], { encoding: 'utf8' });

describe('npm run mlflow', () => {
  it.each([
    [[], 'mlflow: no command given: give start, stop, status or serve'],
    [['begin'], 'mlflow: "begin" is no command: give start, stop, status or serve'],
    [['toString'], 'mlflow: "toString" is no command: give start, stop, status or serve'],
    [['stop', 'it'], 'mlflow: "stop it" is no command: give start, stop, status or serve'],
  ])('refuses %j with exit code 2', (args, words) => {
    expect(mlflow(...args)).toMatchObject({ status: 2, stdout: '', stderr: `${words}\n` });
  });

  it('explains itself', () => {
    expect(mlflow('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('foreground') });
  });
});
