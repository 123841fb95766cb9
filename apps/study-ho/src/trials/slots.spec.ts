import { Slots } from './slots';
import type { TrialProcess } from './trial-process';

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] }));
afterEach(() => void jest.useRealTimers());

/** Performs runs of some milliseconds each, and tells how many threads each had. */
async function threadsOf(slots: Slots, durations: readonly number[]): Promise<number[]> {
  const threads: number[] = [];
  const all = Promise.all(
    durations.map((ms, i) =>
      slots.run(async (process) => {
        threads[i] = process.threads;
        await new Promise((resolve) => setTimeout(resolve, ms));
      }),
    ),
  );
  await jest.advanceTimersByTimeAsync(5000);
  await all;
  return threads;
}

function slotsOf(size: number, cores: number, threads = 0): Slots {
  return new Slots(
    size,
    cores,
    threads,
    (count) => ({ threads: count, usable: true, end: async () => {} }) as TrialProcess,
  );
}

it('divides the cores among the runs at a time', async () => {
  expect(await threadsOf(slotsOf(2, 8), [10, 10])).toEqual([4, 4]);
  expect(await threadsOf(slotsOf(3, 8), [10])).toEqual([8]);
  expect(await threadsOf(slotsOf(4, 2), [10, 10, 10, 10])).toEqual([1, 1, 1, 1]);
});

it('gives the last run the threads of those that are about to end', async () => {
  expect(await threadsOf(slotsOf(2, 2), [200, 260, 200])).toEqual([1, 1, 2]);
});

it('leaves threads to runs that began a moment ago', async () => {
  expect(await threadsOf(slotsOf(2, 2), [300, 200, 400, 10])).toEqual([1, 1, 1, 1]);
});

it('takes the threads that it is told to take', async () => {
  expect(await threadsOf(slotsOf(2, 8, 3), [10, 10, 10])).toEqual([3, 3, 3]);
});
