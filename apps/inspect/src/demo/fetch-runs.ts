import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  diagramDataFile,
  exportRun,
  readJsonArtifact,
  RunError,
  titleOf,
} from '@label-relaxation/experiments';
import { declarationOf, findLoss, lossTitle } from '@label-relaxation/losses/declarations';
import type { ReliabilityDiagram } from '@label-relaxation/metrics';
import { metadataKeys, readMetadata } from '@label-relaxation/onnx';
import type { RunEntity } from '@label-relaxation/tracking';
import { MlflowClient } from '@label-relaxation/tracking';
import type { RunFacts } from './facts';

/** A run with its ONNX model. */
export interface FetchedRun {
  readonly facts: RunFacts;
  readonly model: Uint8Array;
}

/** Where runs are. */
export interface RunPlace {
  readonly trackingUri?: string;
  readonly signal?: AbortSignal;
}

/**
 * Fetches runs and their ONNX models from the tracking server.
 *
 * @throws MlflowError of an unknown run, RunError of one without a model, or of two with different classes
 */
export async function fetchRuns(ids: readonly string[], place: RunPlace): Promise<FetchedRun[]> {
  const folder = await mkdtemp(join(tmpdir(), 'label-relaxation-demo-'));
  try {
    const runs: FetchedRun[] = [];
    for (const [i, id] of ids.entries()) runs.push(await fetchRun(id, join(folder, String(i)), place));
    checkClasses(runs);
    return runs;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fetchRun(id: string, folder: string, { trackingUri, signal }: RunPlace): Promise<FetchedRun> {
  const options = signal ? { signal } : {};
  const server = trackingUri === undefined ? {} : { trackingUri };
  const exported = await exportRun(id, { ...server, ...options, to: folder, format: 'onnx' });
  const model = await readFile(join(exported.folder, exported.files[0]!));
  const client = new MlflowClient(server);
  const run = await client.getRun(id, options);
  const artifacts = await client.listArtifacts(id, undefined, options);
  const reliability = artifacts.some(({ path }) => path === diagramDataFile)
    ? await readJsonArtifact<ReliabilityDiagram>(
        await client.downloadArtifacts(id, diagramDataFile, folder, options),
        id,
      )
    : null;
  const url = client.runUrl(run.info.experiment_id, id);
  return { facts: { ...factsOf(run), url, reliability }, model };
}

function factsOf({ info, data }: RunEntity): Omit<RunFacts, 'url' | 'reliability'> {
  const params = new Map(data.params.map(({ key, value }) => [key, value]));
  const metrics = new Map(data.metrics.map(({ key, value }) => [key, value]));
  const named = (name: string) => titleOf(params.get(name) ?? '');
  const dataset = named('dataset_name');
  return {
    id: info.run_id,
    title: titleOfLoss(params.get('loss_name') ?? '', Number(params.get('alpha') ?? 0)),
    about: `${named('model_name')} on ${dataset}, seed ${named('seed')}`,
    dataset,
    accuracy: metrics.get('test_accuracy') ?? null,
    ece: metrics.get('ece') ?? null,
    coverage: metrics.get('conformal_coverage') ?? null,
    setSize: metrics.get('conformal_mean_size') ?? null,
  };
}

function titleOfLoss(name: string, alpha: number): string {
  const found = findLoss(name);
  if (found === undefined) return `${titleOf(name)}, α = ${alpha}`;
  const loss = declarationOf(found);
  const title = lossTitle(loss, alpha);
  return loss.alpha === null || alpha === 0 ? title : `${title}, ${loss.alpha.symbol} = ${alpha}`;
}

function checkClasses(runs: readonly FetchedRun[]): void {
  const [first, second] = runs.map(({ facts, model }) => ({ id: facts.id, names: classNamesOf(model) }));
  if (first === undefined || second === undefined || same(first.names, second.names)) return;
  const told = ({ id, names }: typeof first) => `${id} tells ${names.length} apart (${shortened(names)})`;
  throw new RunError(
    `the runs have different classes: ${told(first)}, ${told(second)}; give two runs of the same classes`,
  );
}

function classNamesOf(model: Uint8Array): readonly string[] {
  return JSON.parse(readMetadata(model)[metadataKeys.classNames] ?? '[]') as string[];
}

function same(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((name, i) => name === others[i]);
}

function shortened(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')}, ...`;
}
