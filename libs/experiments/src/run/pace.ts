/**
 * Expects how long a piece of work still takes, from its steps: the function it gives takes the number of steps that
 * are done and returns the seconds left. Steps done before its first call are not counted as work of this process.
 */
export function paceOf(steps: number, now: () => number = () => performance.now()): (done: number) => number {
  let first: { done: number; at: number } | null = null;
  return (done) => {
    first ??= { done, at: now() };
    const worked = done - first.done;
    return worked === 0 ? 0 : (((now() - first.at) / 1000) * (steps - done)) / worked;
  };
}
