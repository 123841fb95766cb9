import { exampleScores as scores } from '../../test/example-scores';
import type { Study } from '../study/study';
import { resolveStudy } from '../study/study';
import { LinesView } from './lines';
import { TerminalView } from './terminal';
import { createView } from './view';

const epoch = {
  type: 'epoch',
  epoch: 1,
  epochs: 3,
  metrics: { val_accuracy: 0.9 },
  seconds: 2,
  secondsLeft: 65,
} as const;
const outcome = { parentRunId: 'p', parentUrl: 'u', bestAlpha: 0.2, scores, trials: [], error: null };
const batch = { ...epoch, type: 'batch', step: 1, steps: 2, loss: 1, accuracy: 0.75 } as const;
let study: Study;
let written: string;
const write = (text: string) => {
  written += text;
  return true;
};

beforeEach(() => {
  study = resolveStudy({ model_name: 'simple_dense', dataset_name: 'mnist', alphas: [0.1, 0.2] });
  written = '';
});

describe('LinesView', () => {
  it('tells each change in a line', () => {
    const view = new LinesView(write);
    view.begin(study, 'http://there');
    view.change(study, 0.1, 'running');
    view.news(study, 0.1, epoch);
    view.change(study, 0.1, 'finished', { scores });
    view.change(study, 0.2, 'failed', { message: 'the loss is NaN' });
    const name = 'label_relaxation simple_dense mnist seed 0';
    expect(written.split('\n')).toEqual([
      `${name}: http://there`,
      `${name}, alpha 0.1: running`,
      `${name}, alpha 0.1: epoch 2/3  validation accuracy 0.9000  1 min 05 s left`,
      `${name}, alpha 0.1: finished  accuracy 0.9877  ECE 0.0123`,
      `${name}, alpha 0.2: failed: the loss is NaN`,
      '',
    ]);
  });

  it('says what was finished before, and what an accuracy is of', () => {
    const view = new LinesView(write);
    view.change(study, 0.1, 'finished', { scores, isOld: true });
    view.news(study, 'final', { ...epoch, metrics: { accuracy: 0.95 } });
    view.end(study, outcome, true);
    createView({ write, isTTY: false } as unknown as NodeJS.WriteStream, true).end(study, outcome, true);
    createView({ write, isTTY: false } as unknown as NodeJS.WriteStream, true).end(study, outcome, false);
    const name = 'label_relaxation simple_dense mnist seed 0';
    const end = `${name}: finished before, nothing was run: best alpha 0.2, on the test part accuracy 0.9877, ECE 0.0123`;
    expect(written.split('\n')).toEqual([
      `${name}, alpha 0.1: finished before  accuracy 0.9877  ECE 0.0123`,
      `${name}, final run: epoch 2/3  training accuracy 0.9500  1 min 05 s left`,
      end,
      end,
      '',
    ]);
  });

  it('gives a warning that many trials share once', () => {
    const view = new LinesView(write);
    view.news(study, 0.1, { type: 'warning', message: 'odd data' });
    view.news(study, 0.2, { type: 'warning', message: 'odd data' });
    expect(written.match(/odd data/gu)).toHaveLength(1);
  });
});

/** What a terminal shows of a text with the two escape sequences that the view uses. */
function screen(text: string): string[] {
  const lines = [''];
  for (const [, up, plain] of text.matchAll(/\u001b\[(\d+)A\u001b\[0J|([^\u001b]+)/gu)) {
    if (up !== undefined) lines.splice(lines.length - 1 - Number(up), Infinity, '');
    const [first = '', ...rest] = (plain ?? '').split('\n');
    lines[lines.length - 1] += first;
    lines.push(...rest);
  }
  return lines;
}

describe('TerminalView', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());
  const stream = { write, columns: 80, rows: 24 } as unknown as NodeJS.WriteStream;

  it('redraws its table in place and leaves done studies as lines', () => {
    const view = new TerminalView(stream);
    view.begin(study, 'http://there');
    view.change(study, 0.1, 'running');
    view.news(study, 0.1, epoch);
    jest.advanceTimersByTime(200);
    view.change(study, 0.2, 'finished', { scores });
    jest.advanceTimersByTime(200);
    expect(screen(written)).toEqual([
      'label_relaxation simple_dense mnist seed 0: http://there',
      'label_relaxation simple_dense mnist seed 0',
      '  alpha         state     epoch  accuracy  ECE     left',
      '  0.1           running   2/3    0.9000            1 min 05 s',
      '  0.2           finished         0.9877    0.0123',
      '  final (test)  waiting',
      '',
    ]);
    view.end(study, outcome, false);
    view.close();
    jest.advanceTimersByTime(1000);
    expect(screen(written)).toEqual([
      'label_relaxation simple_dense mnist seed 0: http://there',
      'label_relaxation simple_dense mnist seed 0: best alpha 0.2, on the test part accuracy 0.9877, ECE 0.0123',
      '',
    ]);
  });

  it('shows no accuracy of training examples among those of validation and test data', () => {
    const view = new TerminalView(stream);
    view.begin(study, 'u');
    for (const part of [0.1, 'final'] as const) {
      view.change(study, part, 'running');
      view.news(study, part, batch);
    }
    view.news(study, 'final', { ...epoch, metrics: { accuracy: 0.95 } });
    jest.advanceTimersByTime(200);
    expect(written).not.toMatch(/0\.95|0\.75/u);
    view.change(study, 'final', 'finished', { scores });
    jest.advanceTimersByTime(200);
    expect(screen(written).at(-2)).toMatch(/^ {2}final \(test\) +finished +2\/3 +0\.9877 +0\.0123$/u);
  });

  it('leaves out what does not run where the terminal is low, and never draws too long lines', () => {
    const view = new TerminalView({
      ...stream,
      columns: 30,
      rows: 4,
      write,
    } as unknown as NodeJS.WriteStream);
    view.begin(study, 'u');
    view.change(study, 0.2, 'finished', { scores });
    view.change(study, 0.1, 'running');
    jest.advanceTimersByTime(200);
    const table = screen(written).slice(1, -1);
    expect(table.map((line) => line.trim().split(/\s+/u)[0])).toEqual(['label_relaxation', 'alpha', '0.1']);
    for (const line of table) expect(line.length).toBeLessThan(30);
  });
});
