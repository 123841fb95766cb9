import type { RunEntity } from '@label-relaxation/tracking';
import { lossOfRun } from './losses';
import { modelTitle } from './names';
import type { Settings } from './settings';
import { readSettings } from './settings';

/** Which part of the data a run was scored on. */
export type ScoredPart = 'test' | 'validation';

/** What a search chooses by, by its name in `--select`, and its name in print. */
const criteria = {
  accuracy: 'accuracy',
  ece: 'ECE',
  nll: 'NLL',
  brier: 'Brier score',
  refinement: 'refinement',
} as const;

/** A criterion's name in print. */
export type ChosenBy = (typeof criteria)[keyof typeof criteria];

/** Searches by accuracy, then by the others in this order. */
export const chosenByOrder: readonly ChosenBy[] = Object.values(criteria);

/** A finished run of the study, as far as the report needs it. */
export interface StudyRun {
  readonly runId: string;
  readonly parentRunId: string | null;
  /** Milliseconds since 1970. */
  readonly startTime: number;
  readonly dataset: string;
  readonly model: string;
  /** One of the study by its name, or the name of a module of the user's own. */
  readonly loss: string;
  /** The value trained with; of a search, the one that it chose. */
  readonly alpha: number;
  /** What a search chose alpha by; null where it was given. */
  readonly chosenBy: ChosenBy | null;
  readonly seed: number;
  readonly scored: ScoredPart;
  /** How its predictions were calibrated, `best` where the method was chosen; null where they were not. */
  readonly calibration: string | null;
  /** What else changes the outcome: epochs, learning rate and the like. */
  readonly settings: Settings;
  /** Scores may be NaN or infinite: the run diverged. */
  readonly accuracy: number;
  readonly ece: number;
  /** Null where it was not logged. */
  readonly nll: number | null;
  readonly brier: number | null;
  /** NLL that temperature scaling leaves. */
  readonly refinement: number | null;
  /** Smooth calibration error, and area under the risk-coverage curve. */
  readonly smooth_ece: number | null;
  readonly aurc: number | null;
  /** Share of prediction sets that hold the right class, and their mean size. */
  readonly coverage: number | null;
  readonly set_size: number | null;
}

/** Reads a run of the study from MLflow's; null for a run of another kind or without scores. */
export function readStudyRun({ info, data }: RunEntity): StudyRun | null {
  const params = new Map(data.params.map(({ key, value }) => [key, value]));
  const tags = new Map(data.tags.map(({ key, value }) => [key, value]));
  const metrics = new Map(data.metrics.map(({ key, value }) => [key, value]));
  const number = (text: string | undefined) => (text === undefined || text === '' ? NaN : Number(text));
  const score = (name: string) => metrics.get(name) ?? null;
  const yes = (name: string) => params.get(name)?.toLowerCase() === 'true';

  const parentRunId = tags.get('mlflow.parentRunId') ?? null;
  const bestAlpha = score('best_alpha') ?? number(params.get('best_alpha'));
  const isSearch = parentRunId === null && !Number.isNaN(bestAlpha);
  // A search over one value has nothing to choose: its alpha was given.
  const hasChosen = isSearch && params.get('alphas')?.includes(',') !== false;
  const dataset = params.get('dataset_name');
  const model = params.get('model_type') ?? params.get('model_name');
  const loss = lossOfRun(params);
  const seed = number(params.get('seed'));
  const alpha = isSearch ? bestAlpha : number(params.get('alpha'));
  const accuracy = score('test_accuracy');
  const ece = score('ece');
  if (!dataset || !model || !loss || accuracy === null || ece === null) return null;
  if (!Number.isInteger(seed) || !Number.isFinite(alpha)) return null;

  const named = tags.get('scored') ?? params.get('scored');
  const calibration = calibrationOf(params);
  return {
    runId: info.run_id,
    parentRunId,
    startTime: info.start_time ?? 0,
    dataset,
    model: modelTitle(model),
    loss,
    alpha,
    chosenBy: hasChosen ? chosenBy(params.get('select') ?? (yes('optimize_ece') ? 'ece' : 'accuracy')) : null,
    seed,
    scored:
      named === 'test' || named === 'validation'
        ? named
        : isSearch || yes('test_run')
          ? 'test'
          : 'validation',
    calibration,
    settings: readSettings(params, { grid: hasChosen, temperature: calibration === 'temperature' }),
    accuracy,
    ece,
    nll: score('nll'),
    brier: score('brier'),
    refinement: score('refinement'),
    smooth_ece: score('smooth_ece'),
    aurc: score('aurc'),
    coverage: score('conformal_coverage'),
    set_size: score('conformal_mean_size'),
  };
}

function chosenBy(select: string): ChosenBy {
  return Object.hasOwn(criteria, select) ? criteria[select as keyof typeof criteria] : 'accuracy';
}

/** How a run was calibrated, also before there was more than `--temp_scaling`. */
function calibrationOf(params: ReadonlyMap<string, string>): string | null {
  const named = params.get('calibrate');
  if (named !== undefined && named !== 'none') return named;
  return params.get('temp_scaling')?.toLowerCase() === 'true' ? 'temperature' : null;
}

/** Whether accuracy and ECE are finite, so that there is something to draw of the run. */
export function hasConverged({ accuracy, ece }: StudyRun): boolean {
  return Number.isFinite(accuracy) && Number.isFinite(ece);
}

/** What the report is limited to; an empty list or null takes all. */
export interface RunFilter {
  readonly seeds: readonly number[] | null;
  readonly losses: readonly string[];
  readonly models: readonly string[];
  readonly datasets: readonly string[];
}

/** The runs that pass the filter. */
export function filterRuns(
  runs: readonly StudyRun[],
  { seeds, losses, models, datasets }: RunFilter,
): StudyRun[] {
  const among = (list: readonly string[], value: string) =>
    list.length === 0 || list.some((entry) => entry.toLowerCase() === value.toLowerCase());
  return runs.filter(
    (run) =>
      (seeds === null || seeds.includes(run.seed)) &&
      among(losses, run.loss) &&
      among(models.map(modelTitle), run.model) &&
      among(datasets, run.dataset),
  );
}
