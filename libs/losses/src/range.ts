import type { LossDeclaration, NumberRange } from './declaration';
import { LossError } from './errors';

/** Whether a number is in a range; NaN and infinities never are. */
export function isInRange(value: number, { min, max = Infinity, below = Infinity }: NumberRange): boolean {
  return Number.isFinite(value) && value >= min && value <= max && value < below;
}

/** A range in mathematical form: `in [0, 1)`, or `of at least 0`. */
export function describeRange({ min, max, below }: NumberRange): string {
  if (max !== undefined) return `in [${min}, ${max}]`;
  return below === undefined ? `of at least ${min}` : `in [${min}, ${below})`;
}

/** What is wrong with a loss's alpha, as the rest of a message that names the value; null if it is in range. */
export function alphaFault({ name, alpha }: LossDeclaration, value: number): string | null {
  if (alpha === null) return value === 0 ? null : `${name} has no parameter alpha`;
  return isInRange(value, alpha) ? null : `${name} takes a value ${describeRange(alpha)}`;
}

/**
 * Checks a loss's alpha.
 *
 * @throws LossError naming the parameter, its value and its range
 */
export function checkAlpha(loss: LossDeclaration, value: number): void {
  const fault = alphaFault(loss, value);
  if (fault === null) return;
  const meaning = loss.alpha === null ? '' : ` for ${loss.alpha.meaning}`;
  throw new LossError(`alpha ${value} is out of range: ${fault}${meaning}.`);
}

/**
 * A loss's further parameters: those given, and the defaults of the others.
 *
 * @throws LossError naming one that the loss hasn't got, or that is out of range
 */
export function checkParameters(
  { name, parameters = {} }: LossDeclaration,
  given: Readonly<Record<string, number>>,
): Record<string, number> {
  for (const [parameter, value] of Object.entries(given)) {
    const range = Object.hasOwn(parameters, parameter) ? parameters[parameter] : undefined;
    if (range === undefined) throw new LossError(`${name} has no parameter ${parameter}.`);
    if (!isInRange(value, range)) {
      throw new LossError(
        `${parameter} ${value} is out of range: ${name} takes a value ${describeRange(range)}.`,
      );
    }
  }
  const defaults = Object.entries(parameters).map(([parameter, { default: value }]) => [parameter, value]);
  return { ...(Object.fromEntries(defaults) as Record<string, number>), ...given };
}
