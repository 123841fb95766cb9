import { predictSets } from '@label-relaxation/calibration';
import type { ScoredModel, Settings } from '@label-relaxation/confidence';
import { confidentMistakes, defaultSettings, logarithms, predict } from '@label-relaxation/confidence';
import { confidencePage } from '@label-relaxation/confidence/page';
import { learningCurvesSvg, setSizesSvg } from '@label-relaxation/plots';
import type { ScoredPredictions, ScoredRun } from '../tracking/artifacts';
import { picturesOf } from './pictures';

/** Mistakes, and suspicious labels, that the page shows. */
const shown = 24;

/** What was scored, of a run or of a file. */
type Scored = Pick<ScoredPredictions, 'labels' | 'logits' | 'result' | 'calibration'>;

/**
 * The page of a scored run.
 *
 * @param probabilities [examples, classes] of the scored part, calibrated
 */
export async function confidencePageOf(
  run: ScoredRun,
  title: string,
  probabilities: Float64Array,
): Promise<string> {
  const { data, labels, result, suspicious } = run;
  const { dataset, scoredIndices, scored } = data;
  const { model, settings } = modelOf(run, dataset.classNames, probabilities);
  const mistakes = confidentMistakes(predict(model, settings.temperature), shown);
  const places = Int32Array.from(mistakes, ({ row }) => scoredIndices[row] as number);
  const pictures = await picturesOf(dataset, places);
  const doubted = suspicious?.ranking.slice(0, shown) ?? null;
  const doubtedPictures =
    doubted &&
    (await picturesOf(
      dataset,
      Int32Array.from(doubted, ({ example }) => example),
    ));
  return confidencePage({
    title,
    about: `${labels.length.toLocaleString('en-US')} examples of the ${scored} part, run ${result.run_id}`,
    ...{
      model,
      settings,
      figures: figuresOf(run),
      charts: [...learningCurves(run), ...setSizes(run, probabilities)],
    },
    mistakes: mistakes.map((mistake, i) => ({
      ...mistake,
      example: places[i] as number,
      picture: pictures[i] ?? null,
    })),
    suspicious: doubted && doubted.map((one, i) => ({ ...one, picture: doubtedPictures?.[i] ?? null })),
  });
}

/**
 * The page of scored predictions, of which no pictures are known.
 *
 * @param probabilities [examples, classes], calibrated
 */
export async function confidencePageOfScores(
  scored: ScoredPredictions,
  about: string,
  probabilities: Float64Array,
): Promise<string> {
  const { title, classNames } = scored;
  const { model, settings } = modelOf(scored, classNames, probabilities);
  const mistakes = confidentMistakes(predict(model, settings.temperature), shown);
  return confidencePage({
    ...{ title, about, model, settings, figures: figuresOf(scored), charts: setSizes(scored, probabilities) },
    mistakes: mistakes.map((mistake) => ({ ...mistake, example: mistake.row, picture: null })),
    suspicious: null,
  });
}

/**
 * The predictions of a run and the settings that they are scored at: its network's logits at the fitted temperature, or, of any
 * other calibrator, the logarithms of what that gives.
 */
function modelOf(
  { labels, logits, result, calibration }: Scored,
  classNames: readonly string[],
  probabilities: Float64Array,
): { model: ScoredModel; settings: Settings } {
  const { calibrator, conformal } = calibration;
  const isScaled = calibrator === null || calibrator.method === 'temperature';
  const given = isScaled ? logits : logarithms(probabilities);
  return {
    model: { name: 'this run', logits: given, labels, classNames },
    settings: {
      ...defaultSettings,
      temperature: result.temperature ?? 1,
      ...(conformal === null ? {} : { coverage: 1 - conformal.alpha }),
    },
  };
}

function figuresOf({ result, calibration }: Scored): [string, string][] {
  const { temperature, calibrator, conformal } = result;
  return [
    ...(calibrator === null ? [] : [['Calibrator', calibrator] as [string, string]]),
    ...(temperature === null ? [] : [['Temperature', temperature.toFixed(3)] as [string, string]]),
    ...(conformal === null
      ? []
      : ([
          [
            `Sets of ${Math.round(100 * (1 - calibration.conformal!.alpha))} %: coverage`,
            conformal.coverage.toFixed(4),
          ],
          ['Their mean size', conformal.mean_size.toFixed(2)],
        ] as [string, string][])),
  ];
}

function setSizes({ calibration: { conformal } }: Scored, probabilities: Float64Array): string[] {
  if (conformal === null) return [];
  const { starts } = predictSets(conformal, { probabilities });
  return [setSizesSvg([{ label: 'this run', sizes: starts.slice(1).map((end, i) => end - starts[i]!) }])];
}

function learningCurves({ epochs }: ScoredRun): string[] {
  const training = { label: 'training', values: epochs.map(({ loss }) => finite(loss)) };
  const validation = {
    label: 'validation',
    values: epochs.map(({ validationLoss }) => finite(validationLoss)),
  };
  const learning = [training, validation].filter(({ values }) => values.some((value) => value !== null));
  return epochs.length > 1 && learning.length > 0 ? [learningCurvesSvg(learning)] : [];
}

const finite = (value: number | null) => (value !== null && Number.isFinite(value) ? value : null);
