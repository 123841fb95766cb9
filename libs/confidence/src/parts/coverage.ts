import { fitConformal, predictSets, scoreSets } from '@label-relaxation/calibration';
import { riskAtCoverage, riskCoverageCurve } from '@label-relaxation/metrics';
import { accuracyRejectionSvg, escapeText, riskCoverageSvg, setSizesSvg } from '@label-relaxation/plots';
import { everyOther } from '../every-other';
import { percent, pictures } from '../html';
import type { Predicted, Settings } from '../scored-model';

/** Examples that prediction sets need at least: half of them fit the threshold, the others are told of. */
const fewest = 20;

/** Prediction sets of every other example, by a threshold that the rest fits. */
interface Sets {
  readonly sizes: Int32Array;
  readonly meanSize: number;
  readonly coverage: number;
}

/** What the wanted coverage comes to for a model. */
export interface Covered {
  /** The least confidence of the share that is decided, and the error rate in it. */
  readonly confidence: number;
  readonly risk: number;
  /** Null of too few examples. */
  readonly sets: Sets | null;
}

function half({ model, classes, probabilities }: Predicted, first: 0 | 1) {
  const { values, labels } = everyOther({ values: probabilities, labels: model.labels, classes }, first);
  return { probabilities: values, labels };
}

function setsOf(given: Predicted, coverage: number): Sets | null {
  if (given.model.labels.length < fewest) return null;
  const predictor = fitConformal(half(given, 0), { alpha: 1 - coverage });
  const { labels, probabilities } = half(given, 1);
  const sets = predictSets(predictor, { probabilities });
  const { starts } = sets;
  const sizes = Int32Array.from(labels, (_, i) => starts[i + 1]! - starts[i]!);
  const { meanSize, coverage: reached } = scoreSets(sets, labels);
  return { sizes, meanSize, coverage: reached };
}

/** The first confidence, from the highest on, with which so large a share has at least that one. */
function leastConfidence(confidences: Float64Array, coverage: number): number {
  const sorted = confidences.slice().sort();
  return sorted[Math.max(0, sorted.length - Math.ceil(coverage * sorted.length - 1e-9))]!;
}

/** What the settings' coverage comes to: deciding so large a share, and sets that are right on it. */
export function coveredBy(given: Predicted, { coverage }: Settings): Covered {
  const { confidences: event, isRight } = given;
  return {
    confidence: leastConfidence(event, coverage),
    risk: riskAtCoverage({ event }, isRight, { coverage }),
    sets: setsOf(given, coverage),
  };
}

function sentence(name: string | null, { confidence, risk, sets }: Covered, coverage: number): string {
  const wanted = percent(coverage, 0);
  const decided =
    `Deciding the most confident <strong>${wanted}</strong> means a confidence of at least ` +
    `<strong>${confidence.toFixed(4)}</strong> and <strong>${percent(1 - risk, 2)}</strong> right.`;
  const held =
    sets === null
      ? `Prediction sets need ${fewest} examples.`
      : `Prediction sets that hold the right class in ${wanted} of cases have ` +
        `<strong>${sets.meanSize.toFixed(2)}</strong> classes on average; fitted on every other example, they hold it in ` +
        `<strong>${percent(sets.coverage, 2)}</strong> of the rest.`;
  return `<p>${name === null ? '' : `<strong>${escapeText(name)}.</strong> `}${decided} ${held}</p>`;
}

/** What the wanted coverage comes to in words, and selection and set sizes as pictures. */
export function coveragePart(all: readonly Predicted[], settings: Settings): string {
  const covered = all.map((one) => coveredBy(one, settings));
  const words = covered.map((own, i) =>
    sentence(all.length > 1 ? all[i]!.model.name : null, own, settings.coverage),
  );
  const curves = all.map(({ model, confidences: event, isRight }) => ({
    label: model.name,
    curve: riskCoverageCurve({ event }, isRight),
  }));
  const sizes = covered.flatMap(({ sets }, i) =>
    sets === null ? [] : [{ label: all[i]!.model.name, sizes: sets.sizes }],
  );
  const charts = [accuracyRejectionSvg(curves), riskCoverageSvg(curves)];
  return words.join('') + pictures(sizes.length > 0 ? [...charts, setSizesSvg(sizes)] : charts);
}
