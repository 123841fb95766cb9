import { backoffDelay, parseRetryAfter, sleep } from './backoff';

describe('backoffDelay', () => {
  it('doubles up to the limit and adds up to half at random', () => {
    const none = { baseMs: 100, maxMs: 1000, random: () => 0 };
    expect([1, 2, 3, 4, 5, 9].map((attempt) => backoffDelay(attempt, none))).toEqual([
      100, 200, 400, 800, 1000, 1000,
    ]);
    expect(backoffDelay(2, { ...none, random: () => 1 })).toBe(300);
  });
});

describe('parseRetryAfter', () => {
  it('reads seconds and HTTP dates', () => {
    expect(parseRetryAfter('3')).toBe(3000);
    expect(parseRetryAfter('0.5')).toBe(500);
    const now = Date.parse('Wed, 21 Oct 2015 07:28:00 GMT');
    expect(parseRetryAfter('Wed, 21 Oct 2015 07:28:05 GMT', now)).toBe(5000);
    expect(parseRetryAfter('Wed, 21 Oct 2015 07:27:00 GMT', now)).toBe(0);
  });

  it('keeps to what a timer can wait', () => {
    expect(parseRetryAfter('9'.repeat(20))).toBe(2 ** 31 - 1);
    expect(parseRetryAfter('Wed, 21 Oct 9015 07:28:05 GMT', 0)).toBe(2 ** 31 - 1);
  });

  it('passes over what is neither', () => {
    expect(parseRetryAfter('soon')).toBeUndefined();
    expect(parseRetryAfter(undefined)).toBeUndefined();
  });
});

describe('sleep', () => {
  it('ends early with the reason of the signal', async () => {
    const controller = new AbortController();
    const sleeping = sleep(60_000, controller.signal);
    controller.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
    await expect(sleep(1, controller.signal)).rejects.toThrow('enough');
  });
});
