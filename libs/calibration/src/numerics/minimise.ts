/** A convex function: its value at a point, its gradient written beside. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

/** How a minimum is searched. */
export interface MinimiseOptions {
  /** Turns a gradient into a step's direction in place, by an approximate inverse Hessian; nothing is done unless given. */
  readonly precondition?: (vector: Float64Array) => void;
  /** The search ends where a Newton step is expected to gain less than this. */
  readonly tolerance?: number;
  readonly iterations?: number;
}

const memory = 10;

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function add(target: Float64Array, factor: number, values: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] as number) + factor * (values[i] as number);
}

/** A step that was made and how the gradient changed along it. */
interface Correction {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly product: number;
}

/**
 * Minimises a smooth convex function from `start` by L-BFGS (Nocedal & Wright 2006, algorithm 7.5) around a given
 * approximation of the inverse Hessian, with steps halved until they gain (Armijo). Gives the last point.
 */
export function minimise(
  objective: Objective,
  start: Float64Array,
  { precondition = () => undefined, tolerance = 1e-14, iterations = 500 }: MinimiseOptions = {},
): Float64Array {
  const corrections: Correction[] = [];
  let point = start.slice();
  let gradient = new Float64Array(start.length);
  let value = objective(point, gradient);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const direction = newtonDirection(gradient, corrections, precondition);
    const slope = dot(gradient, direction);
    if (!(-slope > 2 * tolerance * Math.max(1, Math.abs(value)))) break;
    const next = new Float64Array(point.length);
    const nextGradient = new Float64Array(point.length);
    let length = 1;
    let nextValue = Infinity;
    const noise = 8 * Number.EPSILON * Math.abs(value);
    for (; length > 1e-10; length /= 2) {
      for (let i = 0; i < next.length; i++)
        next[i] = (point[i] as number) + length * (direction[i] as number);
      nextValue = objective(next, nextGradient);
      if (nextValue <= value + 1e-4 * length * slope + noise) break;
    }
    if (!(nextValue <= value + noise)) break;
    remember(corrections, point, next, gradient, nextGradient);
    point = next;
    gradient = nextGradient;
    value = nextValue;
  }
  return point;
}

function newtonDirection(
  gradient: Float64Array,
  corrections: readonly Correction[],
  precondition: (vector: Float64Array) => void,
): Float64Array {
  const direction = gradient.map((slope) => -slope);
  const shares = corrections.map(() => 0);
  for (let i = corrections.length - 1; i >= 0; i--) {
    const { step, change, product } = corrections[i] as Correction;
    const share = dot(step, direction) / product;
    shares[i] = share;
    add(direction, -share, change);
  }
  precondition(direction);
  corrections.forEach(({ step, change, product }, i) => {
    add(direction, (shares[i] as number) - dot(change, direction) / product, step);
  });
  return direction;
}

function remember(
  corrections: Correction[],
  point: Float64Array,
  next: Float64Array,
  gradient: Float64Array,
  nextGradient: Float64Array,
): void {
  const step = next.map((value, i) => value - (point[i] as number));
  const change = nextGradient.map((value, i) => value - (gradient[i] as number));
  const product = dot(step, change);
  if (!(product > 0)) return;
  corrections.push({ step, change, product });
  if (corrections.length > memory) corrections.shift();
}
