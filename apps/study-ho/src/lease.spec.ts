import { Abandoned } from './errors';
import { JobLease } from './lease';

const lockMs = 6000;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('JobLease', () => {
  it('holds as long as the lock is extended, counted from when that was asked for', async () => {
    const begun = Date.now();
    const lease = await JobLease.begin(async () => {
      jest.setSystemTime(Date.now() + 400);
      return true;
    }, lockMs);
    expect(lease.until).toBe(begun + 5000);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(lease.signal.aborted).toBe(false);
    expect(() => lease.check()).not.toThrow();
    lease.close();
  });

  it('is lost when another worker has the lock', async () => {
    let ours = true;
    const lease = await JobLease.begin(async () => ours, lockMs);
    ours = false;
    await jest.advanceTimersByTimeAsync(1000);
    expect(lease.signal.reason).toBeInstanceOf(Abandoned);
    expect(() => lease.check()).toThrow('another worker has taken it over');
    ours = true;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(() => lease.check()).toThrow(Abandoned);
  });

  it('is lost for a process that wakes too late, before anything else is asked', async () => {
    const extend = jest.fn(async () => true);
    const lease = await JobLease.begin(extend, lockMs);
    jest.setSystemTime(Date.now() + 5001);
    expect(() => lease.check()).toThrow(Abandoned);
    expect(extend).toHaveBeenCalledTimes(1);
  });

  it('outlasts a Redis that is away for a while, not one that stays away', async () => {
    let away = true;
    const extend = () =>
      away
        ? new Promise<never>((_, reject) => setTimeout(() => reject(new Error('away')), 100))
        : Promise.resolve(true);
    away = false;
    const lease = await JobLease.begin(extend, lockMs);
    away = true;
    await jest.advanceTimersByTimeAsync(3500);
    away = false;
    await jest.advanceTimersByTimeAsync(30_000);
    expect(lease.signal.aborted).toBe(false);
    away = true;
    await jest.advanceTimersByTimeAsync(7000);
    expect(lease.signal.reason).toBeInstanceOf(Abandoned);
  });

  it('is none from the beginning where the lock has gone already', async () => {
    const lease = await JobLease.begin(async () => false, lockMs);
    expect(() => lease.check()).toThrow(Abandoned);
  });
});
