import { BenchError } from '../errors';
import { timeCommand, TrialMarks } from './time-command';

const node = (script: string) => ({ file: process.execPath, args: ['-e', script] });

describe('timeCommand', () => {
  it('takes the accuracy of the last line and the time of the process', async () => {
    const figures = await timeCommand(
      'ours',
      node('setTimeout(() => console.log(`note\\n{"accuracy":0.5}`), 200)'),
    );
    expect(figures).toMatchObject({ accuracy: 0.5, runnerShare: 0 });
    expect(figures.seconds).toBeGreaterThan(0.2);
  });

  it('says why a search failed', async () => {
    const failed = timeCommand('ours', node('console.error("no data"); process.exit(1)'));
    await expect(failed).rejects.toThrow(BenchError);
    await expect(failed).rejects.toThrow(/The search of ours failed.*no data/u);
  });
});

describe('TrialMarks', () => {
  it('compares the time between trials with that of a trial', () => {
    const marks = new TrialMarks();
    for (const [at, line] of [
      [0, 'lr mnist, alpha 0.1: running'],
      [500, 'lr mnist, alpha 0.1: epoch 1/2  accuracy 0.9'],
      [1000, 'lr mnist, alpha 0.1: finished  accuracy 0.9  ECE 0.1'],
      [1020, 'lr mnist, alpha 0.2: running'],
      [2020, 'lr mnist, alpha 0.2: finished  accuracy 0.9  ECE 0.1'],
      [2050, 'lr mnist, final run: running'],
    ] as const) {
      marks.hear(line, at);
    }
    expect(marks.runnerShare).toBeCloseTo(0.02);
  });
});
