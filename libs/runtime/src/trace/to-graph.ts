import { type BindingAttribute, DataType, nodeBackend } from '../binding';
import { RuntimeError } from '../errors';
import { type Attribute, dtypeOf, type Graph, type Node, type Op, type Value, valueOf } from '../graph/graph';
import { makeOp, scalar } from '../graph/ops';
import { withoutDead } from '../graph/rewrite';
import type { GeneralNode, GeneralOp, GeneralRecording } from './generalise';
import type { RecordedUpdate, Source } from './recording';

/** The graph of what was recorded, as far as outputs and updates need it. */
export function toGraph(recording: GeneralRecording): Graph {
  const nodes: Node[] = [];
  const value = ({ node, output }: Source): Value => valueOf(nodes[node]!, output);
  for (const recorded of recording.nodes) nodes.push(nodeOf(recorded, value));

  const handles = new Map<number, Node>();
  const handle = (variable: number): Value => {
    let node = handles.get(variable);
    if (node === undefined) {
      const { shape } = recording.nodes.find(
        (recorded) => recorded.kind === 'read' && recorded.variable === variable,
      ) as { readonly shape: readonly number[] };
      node = { kind: 'handle', variable, outputs: [{ dtype: DataType.resource, shape }] };
      handles.set(variable, node);
    }
    return valueOf(node);
  };
  const updates = recording.updates.map((update) => updateOf(update, value, handle));
  const outputs = Object.fromEntries(
    Object.entries(recording.outputs).map(([name, source]) => [name, value(source)]),
  );
  const taken = updates.flatMap(({ inputs }) => inputs.map(({ node }) => node));
  return withoutDead({ nodes: [...new Set([...nodes, ...taken, ...updates])], outputs, updates });
}

function nodeOf(recorded: GeneralNode, value: (source: Source) => Value): Node {
  if (recorded.kind === 'op') return opOf(recorded, recorded.inputs.map(value));
  const { dtype, shape } = recorded;
  const outputs = [{ dtype, shape }] as const;
  switch (recorded.kind) {
    case 'constant':
      return { kind: 'constant', values: recorded.values, outputs };
    case 'input':
      return { kind: 'input', name: recorded.name, outputs };
    case 'read':
      return { kind: 'read', variable: recorded.variable, outputs };
  }
}

function opOf({ op, attributes, outputs }: GeneralOp, inputs: readonly Value[]): Op {
  if (op === 'ExpandDims') {
    // tfjs-node leaves it to eager execution to find the types.
    const [T, Tdim] = inputs.map((input) => ({ type: dtypeOf(input) }));
    return makeOp(op, inputs, { T: T!, Tdim: Tdim! }, outputs);
  }
  const given = attributes.map((attribute) => [attribute.name, attributeOf(attribute)] as const);
  return makeOp(op, inputs, Object.fromEntries(given), outputs);
}

function updateOf(
  update: RecordedUpdate,
  value: (source: Source) => Value,
  handle: (variable: number) => Value,
): Op {
  if (update.kind === 'assign') {
    const assigned = value(update.value);
    const attributes = { dtype: { type: dtypeOf(assigned) }, validate_shape: false };
    return makeOp('AssignVariableOp', [handle(update.variable), assigned], attributes, []);
  }
  return makeOp(
    'ResourceApplyKerasMomentum',
    [
      handle(update.variable),
      handle(update.velocity),
      value(update.learningRate),
      value(update.gradient),
      scalar(update.momentum),
    ],
    { T: { type: DataType.float32 }, use_locking: false, use_nesterov: update.nesterov },
    [],
  );
}

function attributeOf({ name, type, value }: BindingAttribute): Attribute {
  const { binding } = nodeBackend();
  switch (type) {
    case binding.TF_ATTR_STRING:
      return value as string;
    case binding.TF_ATTR_BOOL:
      return value as boolean;
    case binding.TF_ATTR_INT:
      return { int: value as number | number[] };
    case binding.TF_ATTR_FLOAT:
      return { float: value as number | number[] };
    case binding.TF_ATTR_TYPE:
      return { type: value as number };
    case binding.TF_ATTR_SHAPE:
      return { shape: value as number[] };
    default:
      throw new RuntimeError(`The attribute ${name} has the unknown type ${type}.`);
  }
}
