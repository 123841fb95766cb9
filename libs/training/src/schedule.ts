/** The learning rate of each epoch before any decay per iteration. */
export interface ScheduleOptions {
  readonly initialRate: number;
  /** The rate is multiplied once for each of these that the epoch (from 0) is beyond. */
  readonly steps: readonly number[];
  readonly multiplier: number;
  /** Epochs of linear warm-up at the start; 0 for none. */
  readonly warmup?: number;
}

/**
 * The scheduled learning rate of an epoch: (epoch + 1) * initialRate / warmup while it warms up, afterwards
 * initialRate times the multiplier for each step s with epoch > s.
 *
 * @param epoch from 0
 */
export function scheduledRate(
  { initialRate, steps, multiplier, warmup = 0 }: ScheduleOptions,
  epoch: number,
): number {
  if (epoch < warmup) return ((epoch + 1) * initialRate) / warmup;
  return steps.reduce((rate, step) => (epoch > step ? rate * multiplier : rate), initialRate);
}
