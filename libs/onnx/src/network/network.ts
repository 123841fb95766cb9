import { OnnxError } from '../errors';
import { readWeights, type Weight, type WeightSpec } from './weights';

/** A saved tfjs network, as `tf.io.withSaveHandler` gives it and as `model.json` with its weights holds it. */
export interface SavedNetwork {
  readonly modelTopology?: unknown;
  readonly weightSpecs?: readonly WeightSpec[];
  readonly weightData?: ArrayBuffer | readonly ArrayBuffer[];
}

/** A layer applied to values: a layer that is used twice stands here twice. */
export interface Application {
  readonly layer: string;
  /** tfjs's class name, such as `Conv2D`. */
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** By their short names: `kernel`, `bias`, `gamma`, ... */
  readonly weights: Readonly<Record<string, Weight>>;
  /** Names of the values that it takes, and of the one that it gives. */
  readonly inputs: readonly string[];
  readonly output: string;
}

/** A network of one input and one output, its layers in an order in which they can be computed. */
export interface Network {
  readonly name: string;
  readonly input: { readonly name: string; readonly shape: readonly number[] };
  readonly applications: readonly Application[];
  readonly output: string;
}

interface SavedLayer {
  readonly class_name: string;
  readonly name?: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inbound_nodes?: readonly (readonly [string, number, number, unknown?][])[];
}

interface SavedModel extends SavedLayer {
  readonly config: {
    readonly name: string;
    readonly layers: readonly SavedLayer[];
    readonly input_layers?: readonly [string, number, number][];
    readonly output_layers?: readonly [string, number, number][];
  };
}

/**
 * Reads a saved functional or sequential tfjs model, models within it included.
 *
 * @throws OnnxError if it is no such model, or has several inputs or outputs; whatever comes of damage that is not looked for
 */
export function readNetwork({ modelTopology, weightSpecs = [], weightData = [] }: SavedNetwork): Network {
  const model = modelOf(modelTopology);
  const weights = readWeights(weightSpecs, weightData);
  const reader = new Reader(weights);
  const output = reader.model(model, '', null);
  const { input, applications } = reader;
  if (input === null) throw new OnnxError('The network has no input layer: build it before it is saved.');
  return { name: model.config.name, input, applications, output };
}

function modelOf(topology: unknown): SavedModel {
  const outer = (topology ?? {}) as { model_config?: unknown };
  const model = (outer.model_config ?? outer) as SavedModel;
  if (!isModel(model)) {
    throw new OnnxError('This is no saved tfjs LayersModel: give what `model.save` of a layers model gives.');
  }
  return model;
}

function isModel(layer: SavedLayer): layer is SavedModel {
  return Array.isArray((layer.config as Partial<SavedModel['config']> | undefined)?.layers);
}

class Reader {
  readonly applications: Application[] = [];
  input: Network['input'] | null = null;
  readonly #weights: ReadonlyMap<string, Weight>;

  constructor(weights: ReadonlyMap<string, Weight>) {
    this.#weights = weights;
  }

  /**
   * Reads a model and gives the name of its output.
   *
   * @param prefix of the names of its values
   * @param fed the value that a model within a model is applied to
   */
  model(model: SavedModel, prefix: string, fed: string | null): string {
    return model.config.input_layers === undefined
      ? this.#sequential(model, prefix, fed)
      : this.#functional(model, prefix, fed);
  }

  #sequential({ config }: SavedModel, prefix: string, fed: string | null): string {
    let value = fed;
    for (const layer of config.layers) {
      if (layer.class_name === 'InputLayer') value ??= this.#inputLayer(layer);
      else {
        value ??= this.#inputLayer(layer);
        value = this.#apply(layer, [value], `${prefix}${nameOf(layer)}`);
      }
    }
    if (value === null) throw new OnnxError(`The model ${config.name} has no layers.`);
    return value;
  }

  #functional({ config }: SavedModel, prefix: string, fed: string | null): string {
    const layers = new Map(config.layers.map((layer) => [nameOf(layer), layer]));
    const values = new Map<string, string>();
    const inputs = config.input_layers ?? [];
    const outputs = config.output_layers ?? [];
    if (inputs.length !== 1 || outputs.length !== 1) {
      throw new OnnxError(
        `The model ${config.name} has ${inputs.length} inputs and ${outputs.length} outputs: one of each can be exported.`,
      );
    }
    const valueOf = ([name, node]: readonly [string, number, ...unknown[]]): string => {
      const key = `${name}:${node}`;
      const known = values.get(key);
      if (known !== undefined) return known;
      const layer = layers.get(name);
      if (layer === undefined) throw new OnnxError(`The model ${config.name} has no layer ${name}.`);
      const inbound = layer.inbound_nodes?.[node] ?? [];
      const value =
        layer.class_name === 'InputLayer'
          ? (fed ?? this.#inputLayer(layer))
          : this.#apply(layer, inbound.map(valueOf), `${prefix}${name}${node > 0 ? `_${node + 1}` : ''}`);
      values.set(key, value);
      return value;
    };
    return valueOf(outputs[0]!);
  }

  #apply(layer: SavedLayer, inputs: readonly string[], output: string): string {
    if (isModel(layer)) return this.model(layer, `${output}/`, inputs[0]!);
    const { class_name: type, config } = layer;
    const name = nameOf(layer);
    this.applications.push({ layer: name, type, config, weights: this.#weightsOf(name), inputs, output });
    return output;
  }

  #inputLayer(layer: SavedLayer): string {
    const shape = (layer.config['batch_input_shape'] as readonly (number | null)[] | undefined)?.slice(1);
    const name = nameOf(layer);
    if (shape === undefined || !shape.every((side) => typeof side === 'number')) {
      throw new OnnxError(`The input ${name} has no fixed shape: give the network one before it is saved.`);
    }
    this.input = { name: 'input', shape: shape as readonly number[] };
    return this.input.name;
  }

  #weightsOf(layer: string): Record<string, Weight> {
    const weights: Record<string, Weight> = {};
    for (const [name, weight] of this.#weights) {
      const slash = name.lastIndexOf('/');
      const owner = name.slice(0, slash);
      if (owner === layer || owner.endsWith(`/${layer}`)) weights[name.slice(slash + 1)] = weight;
    }
    return weights;
  }
}

function nameOf(layer: SavedLayer): string {
  return layer.name ?? (layer.config['name'] as string);
}
