import { Writable } from 'node:stream';
import { createReporter } from './progress';

/** A stream that keeps what was written, as a terminal or as a pipe. */
function recorder(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  const chunks: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      chunks.push(String(chunk));
      done();
    },
  });
  const terminal = {
    isTTY,
    columns: 120,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
  };
  return {
    stream: Object.assign(stream, terminal) as unknown as NodeJS.WriteStream,
    text: () => chunks.join(''),
  };
}

const batch = {
  type: 'batch',
  epoch: 2,
  epochs: 25,
  step: 469,
  steps: 938,
  loss: 0.25,
  accuracy: 0.9,
  secondsLeft: 65,
} as const;
const epoch = {
  type: 'epoch',
  epoch: 2,
  epochs: 25,
  metrics: { loss: 0.25, accuracy: 0.9, val_loss: 0.3 },
  seconds: 2.44,
  secondsLeft: 65,
} as const;

describe('createReporter', () => {
  it('writes a line an epoch where there is no terminal', () => {
    const { stream, text } = recorder(false);
    const reporter = createReporter(stream, false);
    reporter.tell({ type: 'stage', message: 'training' });
    reporter.tell(batch);
    reporter.tell(epoch);
    reporter.close();
    expect(text()).toBe(
      'training\nepoch 3/25  loss 0.2500  accuracy 0.9000  val_loss 0.3000  2.4 s  1 min 05 s left\n',
    );
  });

  it('draws a bar with loss, accuracy and time left on a terminal, and takes it away', () => {
    const { stream, text } = recorder(true);
    const reporter = createReporter(stream, false);
    reporter.tell(batch);
    expect(text()).toMatch(/epoch 3\/25 .*50%  loss 0\.2500  accuracy 0\.9000  1 min 05 s left/u);
    reporter.tell(epoch);
    reporter.close();
    expect(text()).toMatch(/epoch 3\/25  loss 0\.2500 .*\n$/u);
  });

  it('writes nothing but warnings and what was asked for where it is to be quiet', () => {
    const { stream, text } = recorder(true);
    const reporter = createReporter(stream, true);
    reporter.tell(batch);
    reporter.tell(epoch);
    reporter.tell({ type: 'warning', message: 'the checksum is not the canonical one' });
    reporter.tell({ type: 'explanation', message: 'train, float32\n  winograd  off' });
    reporter.close();
    expect(text()).toBe('warning: the checksum is not the canonical one\ntrain, float32\n  winograd  off\n');
  });
});
