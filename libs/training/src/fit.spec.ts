import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { denseOptions, fadingCrossEntropy, range } from '../test/networks';
import { withSavedWeights } from './checkpoint';
import { createStep } from './create-step';
import { type EpochFigures, fit, type FitOptions } from './fit';
import type { EpochLog, History } from './history';
import { networkVariables } from './state';
import type { StepState, TrainingStep } from './step';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'label-relaxation-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const schedule = { initialRate: 0.2, steps: [3], multiplier: 0.5 };

function options(overrides: Partial<FitOptions> = {}): FitOptions {
  return {
    // Another order in each epoch; 18 examples in batches of 6 and a last one of 4.
    batches: (epoch) => [range(0, 6), range(6, 12), range(12 - (epoch % 3), 16 - (epoch % 3))],
    stepsPerEpoch: 3,
    epochs: 6,
    schedule,
    validation: range(16, 24),
    ...overrides,
  };
}

/** A run's epochs without their times, which differ from run to run. */
function logs({ epochs }: History): object[] {
  return epochs.map((log) => ({ ...log, seconds: 0, finishedAt: 0 }));
}

function newStep(): Promise<TrainingStep> {
  return createStep({ ...denseOptions({ augmentation: { shift: 0.1, flip: false } }), eager: true });
}

async function stateAfter(step: TrainingStep): Promise<StepState> {
  const state = await step.readState();
  step.dispose();
  return state;
}

describe('fit', () => {
  it('learns, validates each epoch and follows the schedule', async () => {
    const step = await newStep();
    const batchLogs: string[] = [];
    const history = await fit(step, {
      ...options({ epochs: 25 }),
      onBatchEnd: ({ epoch, step: done, stepsPerEpoch }) =>
        batchLogs.push(`${epoch}:${done}/${stepsPerEpoch}`),
    });
    expect(history.epochs).toHaveLength(25);
    expect(history.epochs.map(({ learningRate }) => learningRate).slice(2, 6)).toEqual([0.2, 0.2, 0.1, 0.1]);
    expect(history.epochs.at(-1)!.validationAccuracy).toBeGreaterThan(0.9);
    expect(history.epochs.at(-1)!.loss).toBeLessThan(history.epochs[0]!.loss / 2);
    expect(batchLogs.slice(0, 4)).toEqual(['0:1/3', '0:2/3', '0:3/3', '1:1/3']);
    step.dispose();
  });

  it('gives the same run for the same seed, bit for bit', async () => {
    const [first, second] = [await newStep(), await newStep()];
    const a = await fit(first, options());
    const b = await fit(second, options());
    expect(logs(a)).toEqual(logs(b));
    expect(await stateAfter(first)).toEqual(await stateAfter(second));
  });

  it('goes on from a checkpoint as if it had not been stopped', async () => {
    const reduceOnPlateau = { patience: 1, factor: 0.5 };
    const whole = await newStep();
    const uninterrupted = await fit(whole, options({ reduceOnPlateau }));

    const checkpoint = { file: join(folder, 'run.ckpt'), resume: true, identity: 'a' };
    const stop = new AbortController();
    const first = await newStep();
    const stopped = fit(first, {
      ...options({ reduceOnPlateau, checkpoint, signal: stop.signal }),
      onBatchEnd: ({ epoch, step }) => {
        if (epoch === 3 && step === 2) stop.abort(new Error('stopped by a signal'));
      },
    });
    await expect(stopped).rejects.toThrow('stopped by a signal');
    first.dispose();

    const second = await newStep();
    const resumed = await fit(second, options({ reduceOnPlateau, checkpoint }));
    expect(resumed.resumedAt).toBe(3);
    expect(logs(resumed)).toEqual(logs(uninterrupted));
    expect(await stateAfter(second)).toEqual(await stateAfter(whole));
    expect(readdirSync(folder)).toEqual(['run.ckpt']);
  });

  it('tells a loss the same progress after an interruption, and keeps further figures', async () => {
    const figures = (): EpochFigures => {
      const result = { seen: 0, right: 0 };
      return {
        result,
        add: (examples, predicted) => {
          result.seen += examples.length;
          result.right += [...predicted].filter((label, i) => label === examples[i]! % 4).length;
        },
      };
    };
    const fading = async () =>
      createStep(denseOptions({ loss: fadingCrossEntropy, augmentation: { shift: 0.1, flip: false } }));
    const whole = await fading();
    const uninterrupted = await fit(whole, options({ figures }));
    uninterrupted.epochs.forEach(({ figures: found, accuracy }) =>
      expect(found).toEqual({ seen: 16, right: Math.round(16 * accuracy) }),
    );

    const checkpoint = { file: join(folder, 'run.ckpt'), resume: true };
    const stop = new AbortController();
    const first = await fading();
    const onEpochEnd = ({ epoch }: EpochLog) => {
      if (epoch === 2) stop.abort(new Error('stopped'));
    };
    const stopped = fit(first, options({ figures, checkpoint, signal: stop.signal, onEpochEnd }));
    await expect(stopped).rejects.toThrow('stopped');
    first.dispose();
    const second = await fading();
    const resumed = await fit(second, options({ figures, checkpoint }));
    expect(resumed.resumedAt).toBe(3);
    expect(logs(resumed)).toEqual(logs(uninterrupted));
    expect(await stateAfter(second)).toEqual(await stateAfter(whole));
  });

  it('refuses a checkpoint of another run and a damaged one', async () => {
    const file = join(folder, 'run.ckpt');
    const step = await newStep();
    await fit(step, options({ epochs: 1, checkpoint: { file, resume: false, identity: 'a' } }));
    await expect(fit(step, options({ checkpoint: { file, resume: true, identity: 'b' } }))).rejects.toThrow(
      'is of a run with other parameters',
    );
    writeFileSync(file, 'LRSTATE2 and no more');
    await expect(fit(step, options({ checkpoint: { file, resume: true, identity: 'a' } }))).rejects.toThrow(
      'is not a complete training state',
    );
    step.dispose();
  });

  it('keeps the weights of the best epoch', async () => {
    const file = join(folder, 'best.weights');
    const given = denseOptions();
    const step = await createStep({ ...given, eager: true });
    const states = new Map<number, StepState>();
    const history = await fit(step, {
      ...options({ bestModel: { file }, epochs: 8 }),
      onEpochEnd: async ({ epoch }) => void states.set(epoch, await step.readState()),
    });
    const accuracies = history.epochs.map(({ validationAccuracy }) => validationAccuracy!);
    expect(history.best!.validationAccuracy).toBe(Math.max(...accuracies));
    expect(history.best!.epoch).toBe(accuracies.indexOf(Math.max(...accuracies)));
    const last = await step.readState();
    await withSavedWeights(file, step, async () => {
      const best = states.get(history.best!.epoch)!;
      networkVariables(given.network).forEach(({ variable }, i) =>
        expect(variable.dataSync()).toEqual(best.weights[i]!.values),
      );
    });
    expect(await stateAfter(step)).toEqual(last);
  });

  it('keeps the weights of the epoch with the lowest of another figure, and logs it', async () => {
    const file = join(folder, 'best.weights');
    const step = await newStep();
    const sums: number[] = [];
    const figureOf = (logits: Float32Array) => {
      sums.push(Math.cos(7 * logits[0]!));
      return sums.at(-1)!;
    };
    const history = await fit(step, options({ bestModel: { file, by: { name: 'val_cosine', figureOf } } }));
    expect(history.epochs.map(({ figures }) => figures)).toEqual(sums.map((sum) => ({ val_cosine: sum })));
    expect(history.best!.epoch).toBe(sums.indexOf(Math.min(...sums)));
    expect(history.best!.loss).toBe(Math.min(...sums));
    step.dispose();
  });

  it('gives what the last weights make of the validation data, which the last epoch has computed', async () => {
    const step = await newStep();
    const { validated, epochs } = await fit(step, options());
    const again = await step.evaluate(options().validation!);
    expect(validated).toEqual(again);
    expect(validated!.logits).toEqual(await step.logits(options().validation!));
    expect(epochs.at(-1)!.validationLoss).toBe(validated!.loss);
    step.dispose();
  });

  it('stops with a clear failure when the loss is no longer a number', async () => {
    const step = await newStep();
    await expect(
      fit(step, options({ schedule: { ...schedule, initialRate: 1e20 }, epochs: 50 })),
    ).rejects.toThrow(
      /The loss became .+ in step \d+ of epoch \d+: lower the learning rate or clip the gradients/,
    );
    step.dispose();
  });

  it('refuses what needs validation data without it', async () => {
    const step = await newStep();
    const none = options({ validation: null });
    await expect(fit(step, { ...none, reduceOnPlateau: {} })).rejects.toThrow('needs validation data');
    const file = join(folder, 'best');
    await expect(fit(step, { ...none, bestModel: { file } })).rejects.toThrow('needs validation data');
    expect(existsSync(file)).toBe(false);
    const history = await fit(step, { ...none, epochs: 1 });
    expect(history.epochs[0]!.validationLoss).toBeNull();
    step.dispose();
  });
});
