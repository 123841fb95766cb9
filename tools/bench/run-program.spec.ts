import { BenchError } from './errors';
import { runProgram } from './run-program';

const script = (text: string) => ({ file: process.execPath, args: ['-e', text] });

describe('runProgram', () => {
  it('gives what was printed, and the time to the exit', async () => {
    const { output, seconds } = await runProgram('ours', script('setTimeout(() => console.log(0.5), 150)'));
    expect(output).toBe('0.5\n');
    expect(seconds).toBeGreaterThan(0.15);
  });

  it('says in one line why a program failed', async () => {
    const failed = runProgram('The epoch of ours', script('throw new TypeError("no data")'));
    await expect(failed).rejects.toThrow(new BenchError('The epoch of ours failed: TypeError: no data'));
    await expect(runProgram('Keras', { file: '/no/python', args: [] })).rejects.toThrow(
      /^Keras did not start/u,
    );
  });
});
