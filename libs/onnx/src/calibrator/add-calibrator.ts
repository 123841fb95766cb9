import { type Calibrator, type CalibratorOf, logitWeights } from '@label-relaxation/calibration';
import type { Graph } from '../graph/graph';
import { linearPieces, type Steps, steps } from './maps';

/** As the calibrators: smaller probabilities count as this one. */
const SMALLEST = Math.log(2 ** -126);
const EPSILON = Math.log(Number.EPSILON);

type OneVsRest = Extract<Calibrator, { readonly maps: unknown }>;

/** Adds nodes that turn logits, [n, classes], into calibrated probabilities. */
export function addCalibrator(graph: Graph, logits: string, calibrator: Calibrator): string {
  if ('maps' in calibrator) return addOneVsRest(graph, logits, calibrator);
  const { classes } = calibrator;
  const map = logitWeights(calibrator);
  if (map !== null) return softmaxOf(graph, logits, map.weights, map.bias);
  const affine = calibrator as CalibratorOf<'dirichlet' | 'smatrix'>;
  const { weights, bias } = affine;
  let logarithms = clipped(graph, graph.add('calibrator/log', 'LogSoftmax', [logits], last), SMALLEST);
  if ('temperature' in affine) {
    const temperature = graph.scalar('calibrator/temperature', affine.temperature);
    const scaled = graph.add('calibrator/scaled', 'Div', [logarithms, temperature]);
    logarithms = graph.add('calibrator/scaled_log', 'LogSoftmax', [scaled], last);
  }
  return softmaxOf(graph, logarithms, fullMatrix(weights, classes), Float64Array.from(bias));
}

/** A matrix that may be given by its diagonal. */
function fullMatrix(weights: readonly number[], classes: number): Float64Array {
  const matrix = new Float64Array(classes * classes);
  const step = weights.length === classes ? classes + 1 : 1;
  weights.forEach((weight, i) => (matrix[i * step] = weight));
  return matrix;
}

const last = { axis: { int: -1 } };

/** softmax(W z + b). */
function softmaxOf(graph: Graph, z: string, weights: Float64Array, bias: Float64Array): string {
  const classes = bias.length;
  const matrix = graph.constant('calibrator/weights', [classes, classes], Float32Array.from(weights));
  const offset = graph.constant('calibrator/bias', [classes], Float32Array.from(bias));
  const scores = graph.add('calibrator/scores', 'Gemm', [z, matrix, offset], { transB: { int: 1 } });
  return graph.add('calibrator/probabilities', 'Softmax', [scores], last);
}

function clipped(graph: Graph, value: string, lowest: number): string {
  return graph.add(`${value}/clipped`, 'Max', [value, graph.scalar(`${value}/lowest`, lowest)]);
}

/** A map for each class, the results divided by their sum; of two classes for the second alone. */
function addOneVsRest(graph: Graph, logits: string, calibrator: OneVsRest): string {
  const { classes, maps } = calibrator;
  const isBinary = classes === 2;
  const odds = addMaps(graph, logits, calibrator);
  if (isBinary) {
    const rest = graph.add('calibrator/rest', 'Sub', [graph.scalar('calibrator/one', 1), odds]);
    return graph.add('calibrator/probabilities', 'Concat', [rest, odds], last);
  }
  const axes = graph.integers('calibrator/classes', [1]);
  const sum = graph.add('calibrator/sum', 'ReduceSum', [odds, axes]);
  const zero = graph.scalar('calibrator/zero', 0);
  const isZero = graph.add('calibrator/is_zero', 'Equal', [sum, zero]);
  const shares = graph.add('calibrator/shares', 'Div', [odds, sum]);
  const equal = graph.scalar('calibrator/equal_share', 1 / maps.length);
  return graph.add('calibrator/probabilities', 'Where', [isZero, equal, shares]);
}

/** The probability of each event by its own map, [n, maps]. */
function addMaps(graph: Graph, logits: string, calibrator: OneVsRest): string {
  const { classes } = calibrator;
  const events = (name: string, ofAll: string): string =>
    classes === 2
      ? graph.add(name, 'Gather', [ofAll, graph.integers('calibrator/second', [1])], { axis: { int: 1 } })
      : ofAll;
  const probabilities = (): string =>
    events('calibrator/event', graph.add('calibrator/softmax', 'Softmax', [logits], last));
  switch (calibrator.method) {
    case 'platt':
    case 'beta':
      return addLogistic(graph, logits, calibrator, events);
    case 'isotonic':
      return linearPieces(graph, probabilities(), calibrator.maps);
    case 'histogram': {
      const map = calibrator.maps.map(({ edges, frequencies }): Steps => ({
        at: edges,
        values: frequencies,
      }));
      return steps(graph, 'calibrator/frequency', probabilities(), map, 'from');
    }
    case 'venn_abers': {
      const event = probabilities();
      const zeros = calibrator.maps.map(({ x0, p0 }): Steps => ({ at: x0, values: [0, ...p0] }));
      const ones = calibrator.maps.map(({ x1, p1 }): Steps => ({ at: x1, values: [...p1, 1] }));
      const lower = steps(graph, 'calibrator/lower', event, zeros, 'from');
      const upper = steps(graph, 'calibrator/upper', event, ones, 'after');
      const rest = graph.add('calibrator/rest_of_one', 'Sub', [graph.scalar('calibrator/unit', 1), lower]);
      return graph.add('calibrator/merged', 'Div', [
        upper,
        graph.add('calibrator/span', 'Add', [rest, upper]),
      ]);
    }
  }
}

/**
 * 1 / (1 + exp(-(a ln p - b ln(1 - p) + c))). The rest 1 - p is the sum of the other classes, which keeps what float32
 * would lose where p is almost 1.
 */
function addLogistic(
  graph: Graph,
  logits: string,
  calibrator: CalibratorOf<'platt' | 'beta'>,
  events: (name: string, ofAll: string) => string,
): string {
  const { classes } = calibrator;
  const terms = calibrator.maps.map((map) =>
    'slope' in map ? { a: map.slope, b: map.slope, c: map.intercept } : map,
  );
  const vector = (name: string, pick: (term: { a: number; b: number; c: number }) => number): string =>
    graph.constant(`calibrator/${name}`, [terms.length], Float32Array.from(terms, pick));
  const yes = clipped(graph, graph.add('calibrator/log', 'LogSoftmax', [logits], last), EPSILON);
  const p = graph.add('calibrator/softmax', 'Softmax', [logits], last);
  const others = Float32Array.from({ length: classes ** 2 }, (_, i) => (i % (classes + 1) === 0 ? 0 : 1));
  const matrix = graph.constant('calibrator/others', [classes, classes], others);
  const rest = graph.add('calibrator/rest', 'MatMul', [p, matrix]);
  const least = graph.scalar('calibrator/least', Number.EPSILON);
  const no = graph.add('calibrator/log_rest', 'Log', [graph.add('calibrator/kept', 'Max', [rest, least])]);
  const first = graph.add('calibrator/yes', 'Mul', [
    events('calibrator/event', yes),
    vector('a', ({ a }) => a),
  ]);
  const second = graph.add('calibrator/no', 'Mul', [
    events('calibrator/no_event', no),
    vector('b', ({ b }) => b),
  ]);
  const difference = graph.add('calibrator/difference', 'Sub', [first, second]);
  const score = graph.add('calibrator/score', 'Add', [difference, vector('c', ({ c }) => c)]);
  return graph.add('calibrator/odds', 'Sigmoid', [score]);
}
