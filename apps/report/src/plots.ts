import { lossTitle } from '@label-relaxation/losses/declarations';
import type { ReliabilityDiagram } from '@label-relaxation/metrics';
import { lineChartSvg, reliabilityOverlaySvg, scatterSvg } from '@label-relaxation/plots';
import { poolDiagrams } from './diagrams';
import { lossInPrint } from './losses';
import { datasetTitle } from './names';
import type { StudyRun } from './runs';
import { hasConverged } from './runs';
import { settingsText, varyingSettings } from './settings';
import { mean, standardDeviation } from './statistics/moments';
import type { Block } from './table';
import { groupBy, newest } from './table';
import { calibrationTitle, compareLosses } from './variant';

/** A picture of the report. */
export interface Plot {
  /** Its file's name, without folder. */
  readonly file: string;
  readonly title: string;
  readonly svg: string;
}

/** A block's name in print. */
export function blockTitle({ dataset, model }: Pick<Block, 'dataset' | 'model'>): string {
  return `${model} on ${datasetTitle(dataset)}`;
}

function fileName(...parts: readonly string[]): string {
  return `${parts
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')}.svg`;
}

/** Accuracy against ECE: each row's mean with its standard deviations, and its single runs. */
export function accuracyAgainstEce(block: Block): Plot {
  const title = `Accuracy against ECE: ${blockTitle(block)}`;
  const series = block.rows.map(({ label, runs, scores: { accuracy, ece } }) => ({
    label,
    points:
      !accuracy || !ece || accuracy.mean === null || ece.mean === null
        ? []
        : [
            {
              x: ece.mean,
              y: accuracy.mean,
              xSpread: ece.deviation ?? 0,
              ySpread: accuracy.deviation ?? 0,
              label: `${label}: accuracy ${accuracy.mean.toFixed(4)}, ECE ${ece.mean.toFixed(4)}, mean of ${Math.min(accuracy.runs, ece.runs)}`,
            },
          ],
    background:
      runs.length < 2
        ? []
        : runs.filter(hasConverged).map((run) => ({
            x: run.ece,
            y: run.accuracy,
            label: `${label}, seed ${run.seed}`,
          })),
  }));
  const svg = scatterSvg(series, { title, xLabel: 'ECE', yLabel: 'Accuracy' });
  return { file: fileName('accuracy-ece', block.dataset, block.model), title, svg };
}

/** The rows' reliability diagrams over each other, pooled over seeds; null where no run has one. */
export function reliabilityOverlay(
  block: Block,
  diagrams: ReadonlyMap<string, ReliabilityDiagram>,
): Plot | null {
  const named = block.rows.flatMap(({ label, runs }) => {
    const diagram = poolDiagrams(runs.flatMap(({ runId }) => diagrams.get(runId) ?? []));
    return diagram === null ? [] : [{ label, diagram }];
  });
  if (named.length === 0) return null;
  const title = `Reliability: ${blockTitle(block)}`;
  return {
    file: fileName('reliability', block.dataset, block.model),
    title,
    svg: reliabilityOverlaySvg(named, { title }),
  };
}

/**
 * ECE over alpha, a plot a loss and a line a data set and network: mean and standard deviation over seeds. Of runs scored on
 * validation data (a search's trials) where a loss has those at two values of alpha or more, else of those scored on test data.
 */
export function eceOverAlpha(runs: readonly StudyRun[]): Plot[] {
  return [...new Set(runs.map(({ loss }) => loss))].sort(compareLosses).flatMap((loss) => {
    const given = runs.filter(
      (run) => run.loss === loss && run.chosenBy === null && Number.isFinite(run.ece),
    );
    for (const part of ['validation', 'test'] as const) {
      const lines = alphaLines(given.filter(({ scored }) => scored === part));
      if (lines.length === 0) continue;
      const declaration = lossInPrint(loss);
      const symbol = declaration.alpha?.symbol ?? 'α';
      const title = `ECE over ${symbol}: ${lossTitle(declaration, null).toLowerCase()} (${part} data)`;
      const svg = lineChartSvg(lines, { title, xLabel: symbol, yLabel: 'ECE' });
      return [{ file: fileName('ece-alpha', loss), title, svg }];
    }
    return [];
  });
}

function alphaLines(runs: readonly StudyRun[]) {
  const label = (run: StudyRun) => {
    const parts = [blockTitle(run)];
    if (run.calibration !== null) parts.push(calibrationTitle(run.calibration));
    const same = runs.filter(({ dataset, model }) => dataset === run.dataset && model === run.model);
    parts.push(...settingsText(run.settings, varyingSettings(same.map(({ settings }) => settings))));
    return parts.join(', ');
  };
  const kept = newest(runs, (run) => JSON.stringify([label(run), run.alpha, run.seed]));
  return groupBy(kept, label)
    .map((line) => ({
      label: label(line[0] as StudyRun),
      points: groupBy(line, ({ alpha }) => String(alpha)).map((group) => {
        const errors = group.map(({ ece }) => ece);
        const x = (group[0] as StudyRun).alpha;
        const y = mean(errors);
        const seeds = `${group.length} ${group.length === 1 ? 'seed' : 'seeds'}`;
        return {
          x,
          y,
          ySpread: standardDeviation(errors) ?? 0,
          label: `${x}: ECE ${y.toFixed(4)}, ${seeds}`,
        };
      }),
    }))
    .filter(({ points }) => points.length > 1)
    .sort((a, b) => a.label.localeCompare(b.label));
}
