import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReliabilityDiagram } from '@label-relaxation/metrics';
import type { Experiment, MlflowClient } from '@label-relaxation/tracking';
import { parseDiagram } from './diagrams';
import { ReportError } from './errors';
import type { StudyRun } from './runs';
import { readStudyRun } from './runs';

const diagramFile = 'reliability_diagram.json';
/** Downloads that are under way at a time. */
const parallel = 6;

export async function findExperiment(
  client: MlflowClient,
  name: string,
  signal: AbortSignal,
): Promise<Experiment> {
  const experiment = await client.getExperimentByName(name, { retries: 2, signal });
  if (experiment === undefined || experiment.lifecycle_stage === 'deleted') {
    throw new ReportError(
      `there is no experiment "${name}" on ${client.trackingUri}: name one that has runs with --experiment_name`,
    );
  }
  return experiment;
}

/** All finished runs of the study in an experiment. */
export async function readRuns(
  client: MlflowClient,
  experimentId: string,
  signal: AbortSignal,
): Promise<StudyRun[]> {
  const runs: StudyRun[] = [];
  const found = client.searchRuns([experimentId], { filter: "attributes.status = 'FINISHED'", signal });
  for await (const run of found) {
    const read = readStudyRun(run);
    if (read !== null) runs.push(read);
  }
  return runs;
}

/** The reliability diagrams that runs have as artifacts, by run id; runs without one are left out. */
export async function readDiagrams(
  client: MlflowClient,
  runIds: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, ReliabilityDiagram>> {
  const diagrams = new Map<string, ReliabilityDiagram>();
  const folder = await mkdtemp(join(tmpdir(), 'label-relaxation-report-'));
  const waiting = [...runIds];
  const work = async () => {
    for (let runId = waiting.shift(); runId !== undefined; runId = waiting.shift()) {
      const diagram = await readDiagram(client, runId, join(folder, runId), signal);
      if (diagram !== null) diagrams.set(runId, diagram);
    }
  };
  try {
    await Promise.all(Array.from({ length: parallel }, work));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return diagrams;
}

async function readDiagram(
  client: MlflowClient,
  runId: string,
  folder: string,
  signal: AbortSignal,
): Promise<ReliabilityDiagram | null> {
  const files = await client.listArtifacts(runId, undefined, { signal });
  if (!files.some(({ path }) => path === diagramFile)) return null;
  const file = await client.downloadArtifacts(runId, diagramFile, folder, { signal });
  return parseDiagram(await readFile(file, 'utf8'), runId);
}
