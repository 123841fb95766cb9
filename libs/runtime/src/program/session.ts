import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Binding, DataType, nodeBackend } from '../binding';
import { RuntimeError } from '../errors';
import type { tf } from '../tensorflow';
import { type GraphNode, savedModelParts } from '../lower/graph-def';

/** Values that a session can be fed: numbers in row-major order, or a tensor of tfjs. */
export type Feed =
  | tf.Tensor
  | {
      readonly dtype: 'float32' | 'int32' | 'uint8';
      readonly shape: readonly number[];
      readonly values: tf.TypedArray;
    };

/** A TensorFlow graph that is loaded and can be run; variables keep their values between the runs. */
export class Session {
  readonly #binding: Binding;
  #session: number | null;

  private constructor(binding: Binding, session: number) {
    this.#binding = binding;
    this.#session = session;
  }

  /** Loads a graph, by way of a temporary folder that is gone afterwards. */
  static async load(nodes: readonly GraphNode[]): Promise<Session> {
    const folder = await mkdtemp(join(tmpdir(), `label-relaxation-program-${process.pid}-`));
    try {
      await writeParts(join(folder, 'saved_model.pb'), savedModelParts(nodes));
      return Session.open(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Opens the session of a SavedModel. */
  static open(folder: string): Session {
    const { binding } = nodeBackend();
    try {
      return new Session(binding, binding.loadSavedModel(folder, 'serve'));
    } catch (error) {
      throw new RuntimeError(`TensorFlow refuses the graph in ${folder}: ${(error as Error).message}`);
    }
  }

  /**
   * Runs the graph once. Blocks until it is done.
   *
   * @param feeds values by node name
   * @param fetches node names, each with or without `:output`
   * @returns the fetched values, flat
   */
  run(
    feeds: Readonly<Record<string, Feed>>,
    fetches: readonly string[],
  ): (Float32Array | Int32Array | Uint8Array)[] {
    if (this.#session === null) throw new RuntimeError('The program is used after it was disposed.');
    const binding = this.#binding;
    const made: number[] = [];
    const ids = Object.values(feeds).map((feed) => {
      if (!('values' in feed)) return nodeBackend().getInputTensorIds([feed])[0]!;
      const id = binding.createTensor([...feed.shape], DataType[feed.dtype], feed.values);
      made.push(id);
      return id;
    });
    try {
      const results = binding.runSavedModel(this.#session, ids, Object.keys(feeds).join(), fetches.join());
      made.push(...results.map(({ id }) => id));
      return results.map(({ id }) => binding.tensorDataSync(id));
    } finally {
      for (const id of made) binding.deleteTensor(id);
    }
  }

  /** Frees the graph and its variables. */
  dispose(): void {
    if (this.#session !== null) this.#binding.deleteSavedModel(this.#session);
    this.#session = null;
  }
}

/** Writes a file piece by piece. */
export async function writeParts(file: string, parts: readonly Uint8Array[]): Promise<void> {
  const handle = await open(file, 'w');
  try {
    const small: Uint8Array[] = [];
    const flush = async (): Promise<void> => {
      if (small.length > 0) await handle.writeFile(Buffer.concat(small.splice(0)));
    };
    let waiting = 0;
    for (const part of parts) {
      small.push(part);
      waiting += part.length;
      if (waiting > 1 << 22) {
        await flush();
        waiting = 0;
      }
    }
    await flush();
  } finally {
    await handle.close();
  }
}
