import { cp, chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { forTransformers, metadataKeys, OnnxError, readMetadata } from '@label-relaxation/onnx';
import { MlflowClient } from '@label-relaxation/tracking';
import { RunError, UsageError } from './errors';
import type { Parameters } from './parameters/parameters';
import {
  calibratorFile,
  conformalFile,
  modelName,
  onnxFile,
  savedModelFolder,
  tfjsFolder,
} from './tracking/artifact-names';
import { checkFinished } from './tracking/finished-run';

/** The forms that a run's model can be exported in: those that `--format` takes. */
export type ExportFormat = Parameters['format'];

export interface ExportRunOptions {
  /** The folder to make; it must be empty, or not there. */
  readonly to: string;
  readonly format: ExportFormat;
  readonly trackingUri?: string;
  readonly signal?: AbortSignal;
}

/** What was exported. */
export interface ExportedModel {
  readonly run_id: string;
  readonly format: ExportFormat;
  /** Its full path. */
  readonly folder: string;
  /** Paths below it, sorted. */
  readonly files: readonly string[];
}

/** Gives an artifact a place on this machine. */
type Fetch = (path: string) => Promise<string>;

/**
 * Writes the model of a tracked run into a folder, whole or not at all.
 *
 * `onnx` and `transformers` have the calibrator inside; beside `tfjs` and `saved_model`, which give the network's own
 * logits, lie the run's calibrator and conformal predictor as JSON. `transformers` is the layout that
 * `@huggingface/transformers` loads from a local folder.
 *
 * @throws UsageError if the folder has something in it, RunError if the run has no such model
 */
export async function exportRun(
  runId: string,
  { to, format, trackingUri, signal }: ExportRunOptions,
): Promise<ExportedModel> {
  const client = new MlflowClient(trackingUri === undefined ? {} : { trackingUri });
  await checkFinished(client, runId, 'export');
  const folder = resolve(to);
  await checkEmpty(folder);
  await mkdir(dirname(folder), { recursive: true });
  const unfinished = await mkdtemp(`${folder}.`);
  try {
    const options = signal ? { signal } : {};
    const downloads = join(unfinished, 'downloads');
    const model = join(unfinished, 'model');
    await mkdir(model);
    const fetch: Fetch = (path) => client.downloadArtifacts(runId, path, downloads, options);
    const parts = await client.listArtifacts(runId, modelName, options);
    await writers[format](model, async (name) => {
      const path = `${modelName}/${name}`;
      if (!parts.some((part) => part.path === path)) {
        const trained = parts.length === 0 ? 'no model' : `no ${name}, only ${namesOf(parts)}`;
        throw new RunError(`run ${runId} has logged ${trained}: train it again with this version`);
      }
      return fetch(path);
    });
    if (format === 'tfjs' || format === 'saved_model') {
      for (const { path } of await client.listArtifacts(runId, undefined, options)) {
        if (path === calibratorFile || path === conformalFile) await cp(await fetch(path), join(model, path));
      }
    }
    await chmod(model, 0o777 & ~process.umask());
    await rename(model, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  return {
    run_id: runId,
    format,
    folder,
    files: files
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name).slice(folder.length + 1))
      .sort(),
  };
}

const writers: Record<ExportFormat, (folder: string, fetch: Fetch) => Promise<void>> = {
  onnx: async (folder, fetch) => cp(await fetch(onnxFile), join(folder, onnxFile)),
  tfjs: async (folder, fetch) => cp(await fetch(tfjsFolder), folder, { recursive: true }),
  saved_model: async (folder, fetch) => cp(await fetch(savedModelFolder), folder, { recursive: true }),
  transformers: async (folder, fetch) => writeTransformers(folder, await readFile(await fetch(onnxFile))),
};

/** The layout that the image classification pipeline of `@huggingface/transformers` loads. */
async function writeTransformers(folder: string, model: Uint8Array): Promise<void> {
  const { bytes, height, width, classes } = transformersModel(model);
  const names: string[] = JSON.parse(readMetadata(model)[metadataKeys.classNames] ?? '[]');
  const id2label = Object.fromEntries(Array.from({ length: classes }, (_, k) => [k, names[k] ?? String(k)]));
  const json = (file: string, value: object) =>
    writeFile(join(folder, file), `${JSON.stringify(value, null, 2)}\n`);
  await json('config.json', {
    // Chooses among classes that run all image classifiers alike.
    model_type: 'resnet',
    architectures: ['ResNetForImageClassification'],
    id2label,
    label2id: Object.fromEntries(Object.entries(id2label).map(([id, label]) => [label, Number(id)])),
    'transformers.js_config': { dtype: 'fp32' },
  });
  await json('preprocessor_config.json', {
    image_processor_type: 'ViTImageProcessor',
    do_resize: true,
    size: { height, width },
    resample: 2,
    do_convert_rgb: true,
    // Both are inside the model.
    do_rescale: false,
    do_normalize: false,
  });
  await mkdir(join(folder, 'onnx'));
  await writeFile(join(folder, 'onnx', onnxFile), bytes);
}

function transformersModel(model: Uint8Array): ReturnType<typeof forTransformers> {
  try {
    return forTransformers(model);
  } catch (error) {
    if (error instanceof OnnxError) throw new RunError(error.message, { cause: error });
    throw error;
  }
}

function namesOf(parts: readonly { readonly path: string }[]): string {
  return parts.map(({ path }) => path.slice(modelName.length + 1)).join(', ');
}

async function checkEmpty(folder: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    throw code === 'ENOTDIR' ? new UsageError(`--to ${folder} is a file: give a new folder`) : error;
  }
  if (names.length > 0)
    throw new UsageError(`--to ${folder} holds ${names[0]} already: give a new or an empty folder`);
}
