import { predictSets } from '@label-relaxation/calibration';
import { reliabilityDiagram, riskCoverageCurve } from '@label-relaxation/metrics';
import {
  accuracyRejectionSvg,
  learningCurvesSvg,
  reliabilityByClassSvg,
  riskCoverageSvg,
  setSizesSvg,
} from '@label-relaxation/plots';
import type { ScoredRun } from '../tracking/artifacts';
import type { ClassFigures } from '../run/by-class';
import { confidencePage } from './confidence-page';
import { confidentMistakes } from './mistakes';
import { picturesOf } from './pictures';

/** Mistakes, and suspicious labels, that the page shows. */
const shown = 24;

/** What was made of a run's scores already, and the page holds, too. */
export interface DrawnScores {
  readonly probabilities: Float64Array;
  readonly reliability: string;
  readonly byClass: readonly ClassFigures[];
}

/** The page of a scored run. */
export async function confidencePageOf(run: ScoredRun, title: string, drawn: DrawnScores): Promise<string> {
  const { data, labels, result, suspicious } = run;
  const { dataset, scoredIndices, scored } = data;
  const { probabilities } = drawn;
  const mistakes = confidentMistakes(probabilities, labels, dataset.classes, shown);
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
    figures: figuresOf(run),
    charts: charts(run, drawn),
    classNames: dataset.classNames,
    classes: drawn.byClass,
    mistakes: mistakes.map((mistake, i) => ({
      ...mistake,
      example: places[i] as number,
      picture: pictures[i] ?? null,
    })),
    suspicious: doubted && doubted.map((one, i) => ({ ...one, picture: doubtedPictures?.[i] ?? null })),
  });
}

function figuresOf({ result }: ScoredRun): [string, string][] {
  const { accuracy, ece, nll, brier, temperature, conformal } = result;
  return [
    ['Accuracy', accuracy.toFixed(4)],
    ['ECE', ece.toFixed(4)],
    ['NLL', nll.toFixed(4)],
    ['Brier score', brier.toFixed(4)],
    ...(temperature === null ? [] : [['Temperature', temperature.toFixed(3)] as [string, string]]),
    ...(conformal === null
      ? []
      : ([
          ['Coverage of the sets', conformal.coverage.toFixed(4)],
          ['Mean size of the sets', conformal.mean_size.toFixed(2)],
        ] as [string, string][])),
  ];
}

function charts(
  { data, labels, calibration, epochs }: ScoredRun,
  { probabilities, reliability }: DrawnScores,
): string[] {
  const { classNames } = data.dataset;
  const named = { label: 'this run', curve: riskCoverageCurve({ probabilities }, labels) };
  const classDiagrams = classNames.map((label, of) => ({
    label,
    diagram: reliabilityDiagram({ probabilities }, labels, { of }),
  }));
  const training = { label: 'training', values: epochs.map(({ loss }) => finite(loss)) };
  const validation = {
    label: 'validation',
    values: epochs.map(({ validationLoss }) => finite(validationLoss)),
  };
  const learning = [training, validation].filter(({ values }) => values.some((value) => value !== null));
  const starts = calibration.conformal && predictSets(calibration.conformal, { probabilities }).starts;
  return [
    reliability,
    accuracyRejectionSvg([named]),
    riskCoverageSvg([named]),
    ...(starts
      ? [setSizesSvg([{ label: 'this run', sizes: starts.slice(1).map((end, i) => end - starts[i]!) }])]
      : []),
    ...(epochs.length > 1 && learning.length > 0 ? [learningCurvesSvg(learning)] : []),
    reliabilityByClassSvg(classDiagrams),
  ];
}

const finite = (value: number | null) => (value !== null && Number.isFinite(value) ? value : null);
