import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** A node of a graph of TensorFlow. */
export interface LoadedNode {
  readonly name: string;
  readonly op: string;
  /** Names of its attributes that are types, with the types' numbers (types.proto). */
  readonly types: Readonly<Record<string, number>>;
}

interface Backend {
  binding: object;
}

/** tfjs-node's own reader of SavedModels, as far as it is needed. */
interface Messages {
  readonly SavedModel: { deserializeBinary(bytes: Uint8Array): { getMetaGraphsList(): MetaGraph[] } };
}

interface MetaGraph {
  getGraphDef(): { getNodeList(): Node[] };
}

interface Node {
  getName(): string;
  getOp(): string;
  getAttrMap(): {
    forEach(visit: (value: { hasType(): boolean; getType(): number }, name: string) => void): void;
  };
}

/**
 * The graph that is compiled where TensorFlow computes on a GPU: it is taken from where TensorFlow would load it, which
 * fails instead.
 *
 * @param backend of tfjs-node
 * @param compile compiles one program, and bears that it cannot be loaded
 */
export async function gpuGraph(backend: unknown, compile: () => Promise<unknown>): Promise<LoadedNode[]> {
  const holder = backend as Backend;
  const { binding } = holder;
  let nodes: LoadedNode[] = [];
  holder.binding = Object.create(binding, {
    isUsingGpuDevice: { value: () => true },
    loadSavedModel: {
      value: (folder: string) => {
        nodes = nodesIn(join(folder, 'saved_model.pb'));
        throw new Error('it is only looked at');
      },
    },
  }) as object;
  try {
    await compile();
  } finally {
    holder.binding = binding;
  }
  return nodes;
}

function nodesIn(file: string): LoadedNode[] {
  const messages = createRequire(__filename)('@tensorflow/tfjs-node/dist/proto/api_pb') as Messages;
  const [graph] = messages.SavedModel.deserializeBinary(readFileSync(file)).getMetaGraphsList();
  return graph!
    .getGraphDef()
    .getNodeList()
    .map((node) => {
      const types: Record<string, number> = {};
      node.getAttrMap().forEach((value, name) => {
        if (value.hasType()) types[name] = value.getType();
      });
      return { name: node.getName(), op: node.getOp(), types };
    });
}
