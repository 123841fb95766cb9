import { type ConformalPredictor, parseConformal, predictSets, setOf } from '@label-relaxation/calibration';
import { metadataKeys, readMetadata } from '@label-relaxation/onnx';
import { ClassifierError } from './errors';
import { type Example, writeExample } from './pixels';
import { readBytes } from './read-bytes';
import { installedRuntime, type OnnxRuntime, type OnnxSession } from './runtime';

export interface LoadOptions {
  /** onnxruntime-node or onnxruntime-web, as imported; in Node it is onnxruntime-node unless given. */
  readonly runtime?: OnnxRuntime;
  /** Below this probability of the best class the answer is "don't know"; 0 unless given. */
  readonly minimumConfidence?: number;
}

/** What a model says of one example. */
export interface Prediction {
  /** Name of the most probable class; null for "don't know": the conformal set is empty, or the confidence too small. */
  readonly label: string | null;
  /** Number of the most probable class. */
  readonly best: number;
  /** Its probability. */
  readonly confidence: number;
  /** Calibrated probabilities of all classes, in their order. */
  readonly probabilities: Float32Array;
  /**
   * The classes that it could be, most probable first: the right one is among them as often as the model's conformal
   * predictor promises. Null where the model was exported without one.
   */
  readonly set: readonly string[] | null;
}

/** A trained model that predicts. */
export interface Classifier {
  /** Names of the classes; their numbers where the model has no names. */
  readonly classNames: readonly string[];
  /** What one example is: [height, width, channels], or [features]. */
  readonly inputShape: readonly number[];
  /** How often a conformal set may miss the right class; null where the model has none. */
  readonly alpha: number | null;
  /** All texts in the model's file: run id, loss, calibrator, ... */
  readonly metadata: Readonly<Record<string, string>>;
  predict(example: Example): Promise<Prediction>;
  /** Predicts any number of examples, some hundreds at a time. */
  predictBatch(examples: readonly Example[]): Promise<Prediction[]>;
  /** Frees the model. */
  dispose(): Promise<void>;
}

/** Examples at a time. */
const CHUNK = 256;

/**
 * Loads a model that was exported to ONNX, with its calibrator inside and its class names and conformal threshold in the
 * file.
 *
 * @param source the folder of `model.onnx`, the file itself, an address of either, or the file's bytes
 * @throws ClassifierError that says what is wrong with the file or missing
 */
export async function loadClassifier(
  source: string | URL | Uint8Array,
  { runtime, minimumConfidence = 0 }: LoadOptions = {},
): Promise<Classifier> {
  if (!(minimumConfidence >= 0 && minimumConfidence <= 1)) {
    throw new ClassifierError(
      `minimumConfidence is ${minimumConfidence}: expected a probability, from 0 to 1.`,
    );
  }
  const bytes = await readBytes(source);
  const metadata = metadataOf(bytes);
  const ort = runtime ?? (await installedRuntime());
  const session = await openSession(ort, bytes);
  try {
    return new LoadedClassifier(ort, session, metadata, minimumConfidence);
  } catch (error) {
    await session.release();
    throw error;
  }
}

function metadataOf(bytes: Uint8Array): Record<string, string> {
  try {
    return readMetadata(bytes);
  } catch (error) {
    throw new ClassifierError((error as Error).message);
  }
}

async function openSession(ort: OnnxRuntime, bytes: Uint8Array): Promise<OnnxSession> {
  try {
    return await ort.InferenceSession.create(bytes);
  } catch (error) {
    const [line] = (error as Error).message.split('\n');
    throw new ClassifierError(`The model cannot be run (${line}): export it again.`);
  }
}

class LoadedClassifier implements Classifier {
  readonly classNames: readonly string[];
  readonly inputShape: readonly number[];
  readonly #input: string;
  readonly #conformal: ConformalPredictor | null;

  constructor(
    private readonly ort: OnnxRuntime,
    private readonly session: OnnxSession,
    readonly metadata: Readonly<Record<string, string>>,
    private readonly minimumConfidence: number,
  ) {
    const [input] = session.inputMetadata;
    const output = session.outputMetadata.find(({ name }) => name === 'probabilities');
    const shape = input?.shape?.slice(1);
    const classes = output?.shape?.[1];
    if (!input || !shape?.every((side) => typeof side === 'number') || typeof classes !== 'number') {
      throw new ClassifierError(
        'The model has no output "probabilities" of one fixed input: export it with @label-relaxation/onnx.',
      );
    }
    this.#input = input.name;
    this.inputShape = shape as readonly number[];
    const { [metadataKeys.classNames]: names, [metadataKeys.conformal]: conformal } = metadata;
    this.classNames =
      names === undefined ? Array.from({ length: classes }, (_, k) => String(k)) : namesOf(names, classes);
    this.#conformal = conformal === undefined ? null : conformalOf(conformal, classes);
  }

  get alpha(): number | null {
    return this.#conformal?.alpha ?? null;
  }

  async predict(example: Example): Promise<Prediction> {
    const [prediction] = await this.predictBatch([example]);
    return prediction!;
  }

  async predictBatch(examples: readonly Example[]): Promise<Prediction[]> {
    const predictions: Prediction[] = [];
    for (let start = 0; start < examples.length; start += CHUNK) {
      predictions.push(...(await this.#predictChunk(examples.slice(start, start + CHUNK))));
    }
    return predictions;
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }

  async #predictChunk(examples: readonly Example[]): Promise<Prediction[]> {
    const size = this.inputShape.reduce((product, side) => product * side, 1);
    const values = new Float32Array(examples.length * size);
    examples.forEach((example, i) => writeExample(example, this.inputShape, values, i * size));
    const tensor = new this.ort.Tensor('float32', values, [examples.length, ...this.inputShape]);
    const { probabilities } = await this.session.run({ [this.#input]: tensor }, ['probabilities']);
    const all = probabilities!.data as Float32Array;
    const sets = this.#conformal && predictSets(this.#conformal, { probabilities: all });
    const classes = this.classNames.length;
    return examples.map((_, i) => {
      const members = sets && setOf(sets, i);
      return this.#prediction(all.slice(i * classes, (i + 1) * classes), members && [...members]);
    });
  }

  #prediction(probabilities: Float32Array, members: readonly number[] | null): Prediction {
    const confidence = Math.max(...probabilities);
    const best = probabilities.indexOf(confidence);
    const isUnsure = confidence < this.minimumConfidence || members?.length === 0;
    return {
      label: isUnsure ? null : this.classNames[best]!,
      best,
      confidence,
      probabilities,
      set: members && members.map((k) => this.classNames[k]!),
    };
  }
}

function namesOf(text: string, classes: number): readonly string[] {
  const names = listOf(text);
  if (names === null)
    throw new ClassifierError('The names of the classes are no list of texts: export the model again.');
  if (names.length !== classes) {
    throw new ClassifierError(
      `The model has ${classes} classes and ${names.length} class names: export it again.`,
    );
  }
  return names;
}

/** The texts of a JSON list; null for any other text. */
function listOf(text: string): readonly string[] | null {
  try {
    const names: unknown = JSON.parse(text);
    return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : null;
  } catch {
    return null;
  }
}

function conformalOf(text: string, classes: number): ConformalPredictor {
  let predictor: ConformalPredictor;
  try {
    predictor = parseConformal(text);
  } catch (error) {
    throw new ClassifierError(`In the model ${(error as Error).message}: export it again.`);
  }
  if (predictor.classes === classes) return predictor;
  throw new ClassifierError(
    `The model has ${classes} classes, and its conformal predictor ${predictor.classes}: export it again.`,
  );
}
