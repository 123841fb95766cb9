import type { ReliabilityDiagram } from '@label-relaxation/metrics';
import { ReportError } from './errors';
import type { Plot } from './plots';
import { accuracyAgainstEce, eceOverAlpha, reliabilityOverlay } from './plots';
import type { ScoredPart, StudyRun } from './runs';
import type { Comparison } from './significance';
import { compareRows } from './significance';
import type { Block, ScoreName } from './table';
import { makeTable } from './table';

/** What a report's tables show. */
export interface ReportLayout {
  readonly columns: readonly ScoreName[];
  /** Whether they show the bootstrap intervals of means in place of deviations. */
  readonly intervals: boolean;
}

/** Where a report's runs came from, and how it shows them. */
export interface ReportSource extends ReportLayout {
  readonly experiment: string;
  readonly experimentUrl: string;
  readonly scored: ScoredPart;
  /** The seeds that were asked for; null for all that there are. */
  readonly seeds: readonly number[] | null;
}

/** A block with all that the report says about it. */
export interface Section extends Block, ReportLayout {
  readonly comparisons: readonly Comparison[];
  readonly plots: readonly Plot[];
}

/** All that a report shows; the formats only write it down. */
export interface Report extends ReportSource {
  readonly created: Date;
  readonly sections: readonly Section[];
  readonly alphaPlots: readonly Plot[];
  /** Runs left out because a newer one has the same settings and seed. */
  readonly superseded: number;
}

/**
 * The report over the runs of a study. Throws a ReportError if no run was scored on the asked part.
 *
 * @param diagrams reliability diagrams by run id, as far as there are any
 */
export function makeReport(
  source: ReportSource,
  runs: readonly StudyRun[],
  diagrams: ReadonlyMap<string, ReliabilityDiagram>,
  created: Date,
): Report {
  const { blocks, superseded } = makeTable(runs, source.scored, source.seeds);
  if (blocks.length === 0) {
    const others =
      runs.length > 0
        ? `, only ${runs.length} on ${source.scored === 'test' ? 'validation' : 'test'} data`
        : '';
    throw new ReportError(
      `the experiment "${source.experiment}" has no finished runs scored on ${source.scored} data that fit${others}: train some with npm run study -- --test_run, or see --scored and the filters in --help`,
    );
  }
  return {
    ...source,
    created,
    superseded,
    alphaPlots: eceOverAlpha(runs),
    sections: blocks.map((block) => {
      const overlay = reliabilityOverlay(block, diagrams);
      return {
        ...block,
        columns: source.columns,
        intervals: source.intervals,
        comparisons: compareRows(block),
        plots: [accuracyAgainstEce(block), ...(overlay ? [overlay] : [])],
      };
    }),
  };
}

/** Every picture of a report, in the order of the page. */
export function allPlots({ sections, alphaPlots }: Report): Plot[] {
  return [...sections.flatMap(({ plots }) => plots), ...alphaPlots];
}
