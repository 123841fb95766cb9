/** When the validation loss stands still, the learning rate falls. Defaults are those of the study. */
export interface PlateauOptions {
  readonly factor?: number;
  readonly patience?: number;
  readonly cooldown?: number;
  readonly minimumRate?: number;
  /** A loss counts as better only when it is lower by more than this. */
  readonly minimumDelta?: number;
}

/** What the plateau remembers between epochs. */
export interface PlateauState {
  /** Product of all reductions so far; multiplies the scheduled rate. */
  readonly factor: number;
  readonly best: number | null;
  readonly waited: number;
  readonly cooldown: number;
}

export const plateauStart: PlateauState = { factor: 1, best: null, waited: 0, cooldown: 0 };

/** The learning rate of an epoch: the scheduled one times the reductions, not below the minimum once reduced. */
export function plateauRate(scheduled: number, state: PlateauState, options: PlateauOptions = {}): number {
  const { minimumRate = 5e-7 } = options;
  return state.factor === 1
    ? scheduled
    : Math.max(scheduled * state.factor, Math.min(minimumRate, scheduled));
}

/**
 * The state after an epoch, as Keras's ReduceLROnPlateau counts: after `patience` epochs without a better validation
 * loss the rate is multiplied by `factor`, unless it is already at the minimum. Rates are compared in float32, in which
 * Keras keeps them.
 *
 * @param rate the epoch's learning rate
 */
export function plateauNext(
  state: PlateauState,
  validationLoss: number,
  rate: number,
  options: PlateauOptions = {},
): PlateauState {
  const {
    factor = Math.sqrt(0.1),
    patience = 10,
    cooldown = 0,
    minimumRate = 5e-7,
    minimumDelta = 1e-4,
  } = options;
  const cooling = Math.max(state.cooldown - 1, 0);
  const waited = state.cooldown > 0 ? 0 : state.waited;
  if (state.best === null || validationLoss < state.best - minimumDelta) {
    return { ...state, best: validationLoss, waited: 0, cooldown: cooling };
  }
  if (cooling > 0) return { ...state, waited, cooldown: cooling };
  if (waited + 1 < patience) return { ...state, waited: waited + 1, cooldown: 0 };
  if (Math.fround(rate) <= Math.fround(minimumRate)) return { ...state, waited: waited + 1, cooldown: 0 };
  return { ...state, factor: state.factor * factor, waited: 0, cooldown };
}
