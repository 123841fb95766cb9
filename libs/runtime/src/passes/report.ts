import { DataType } from '../binding';
import type { Graph, Node } from '../graph/graph';
import { isStatic } from '../graph/size';
import type { Pass, Target } from './pass';

/** What a pass did to a function of a program. */
export interface PassReport {
  /** The name of the function. */
  readonly function: string;
  readonly target: Target;
  readonly pass: Pick<Pass, 'name' | 'description'>;
  /** Whether it ran; if not, whether it was switched off or isn't for the machine or the precision. */
  readonly state: 'on' | 'off' | 'not for this';
  /** How many nodes of a kind there are more, or less, by kind. */
  readonly changes: Readonly<Record<string, number>>;
}

/** How many nodes of each kind a graph has more than another one. */
export function changesBetween(before: Graph, after: Graph): Record<string, number> {
  if (before === after) return {};
  const changes = new Map<string, number>();
  const count = (node: Node, change: number): void => {
    const kind = kindOf(node);
    changes.set(kind, (changes.get(kind) ?? 0) + change);
  };
  for (const node of before.nodes) count(node, -1);
  for (const node of after.nodes) count(node, 1);
  return Object.fromEntries([...changes].filter(([, change]) => change !== 0));
}

/**
 * What passes did, as text: for each function what each pass took away and put in its place.
 *
 *     train, float32
 *       winograd             2 Conv2D -> 2 LabelRelaxationConvolution3x3
 *       shared-statistics    changes nothing
 */
export function explain(reports: readonly PassReport[]): string {
  const width = Math.max(...reports.map(({ pass }) => pass.name.length));
  const functions = [...new Set(reports.map((report) => report.function))];
  return functions
    .flatMap((name) => {
      const own = reports.filter((report) => report.function === name);
      const lines = own.map((report) => `  ${report.pass.name.padEnd(width)}  ${effectOf(report)}`);
      return [`${name}, ${own[0]!.target.precision}`, ...lines];
    })
    .join('\n');
}

function effectOf({ state, changes, target: { precision } }: PassReport): string {
  if (state === 'off') return 'off';
  if (state === 'not for this') return `not for ${precision} on this machine`;
  const list = (sign: 1 | -1): string =>
    Object.entries(changes)
      .filter(([, change]) => Math.sign(change) === sign)
      .map(([kind, change]) => `${Math.abs(change)} ${kind}`)
      .join(', ');
  const [gone, come] = [list(-1), list(1)];
  if (gone === '' && come === '') return 'changes nothing';
  return come === '' ? `- ${gone}` : gone === '' ? `+ ${come}` : `${gone} -> ${come}`;
}

function kindOf(node: Node): string {
  switch (node.kind) {
    case 'op':
      return node.outputs[0]?.dtype === DataType.bfloat16 ? `${node.op} (bfloat16)` : node.op;
    case 'constant':
      return isStatic(node.values) && isStatic(node.outputs[0].shape) ? 'constant' : 'number of the batch';
    default:
      return node.kind;
  }
}
