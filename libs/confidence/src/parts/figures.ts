import {
  aurc,
  brierScore,
  expectedCalibrationError,
  negativeLogLikelihood,
  smoothCalibrationError,
} from '@label-relaxation/metrics';
import { escapeText } from '@label-relaxation/plots';
import { figureList, share } from '../html';
import type { Predicted, Settings } from '../scored-model';

/** The figures of a model's predictions. */
export interface Figures {
  readonly accuracy: number;
  /** Mean probability of the predicted class. */
  readonly confidence: number;
  /** Expected calibration error over the bins that were asked for. */
  readonly ece: number;
  readonly smoothEce: number;
  readonly nll: number;
  readonly brier: number;
  readonly aurc: number;
}

/** Each figure's name, and whether less of it is better; null where neither is. */
const names: readonly (readonly [key: keyof Figures, name: string, isLessBetter: boolean | null])[] = [
  ['accuracy', 'Accuracy', false],
  ['confidence', 'Mean confidence', null],
  ['ece', 'ECE', true],
  ['smoothEce', 'Smooth ECE', true],
  ['nll', 'NLL', true],
  ['brier', 'Brier score', true],
  ['aurc', 'AURC', true],
];

const mean = (values: Float64Array | Uint8Array) =>
  (values as Float64Array).reduce((sum, value) => sum + value, 0) / values.length;

/** Mean negative log-likelihood: by the labels' probabilities, or by the logits where one of these is too small for a number. */
function logLossOf({ model, classes, probabilities }: Predicted, temperature: number): number {
  const { labels, logits } = model;
  const event = Float64Array.from(labels, (label, row) => probabilities[row * classes + label]!);
  const ofLabels = negativeLogLikelihood({ event }, new Uint8Array(event.length).fill(1));
  if (Number.isFinite(ofLabels)) return ofLabels;
  return negativeLogLikelihood({ logits }, labels, { temperature });
}

/** The figures of a model at the settings' temperature and bins. */
export function figuresOf(given: Predicted, { temperature, bins, binning }: Settings): Figures {
  const { model, probabilities, confidences: event, isRight } = given;
  return {
    accuracy: mean(isRight),
    confidence: mean(event),
    ece: expectedCalibrationError({ event }, isRight, { bins, binning }),
    smoothEce: smoothCalibrationError({ event }, isRight),
    nll: logLossOf(given, temperature),
    brier: brierScore(probabilities, model.labels),
    aurc: aurc({ event }, isRight),
  };
}

/** One model's figures as a list, those of several as a table that marks the best of each row. */
export function figuresPart(all: readonly Predicted[], settings: Settings): string {
  const figures = all.map((one) => figuresOf(one, settings));
  const [first] = figures;
  if (first === undefined) return '';
  if (figures.length === 1) return figureList(names.map(([key, name]) => [name, share(first[key])]));
  const head = all.map(({ model }) => `<th scope="col">${escapeText(model.name)}</th>`).join('');
  const rows = names.map(([key, name, isLessBetter]) => {
    const values = figures.map((own) => own[key]);
    const best = isLessBetter === null ? NaN : isLessBetter ? Math.min(...values) : Math.max(...values);
    const cells = values.map((value) =>
      value === best && values.some((other) => other !== best)
        ? `<td><strong>${share(value)}</strong></td>`
        : `<td>${share(value)}</td>`,
    );
    return `<tr><th scope="row">${name}</th>${cells.join('')}</tr>`;
  });
  return (
    '<div class="scroll" tabindex="0" role="region" aria-label="Figures of the models"><table class="compared"><thead><tr>' +
    `<td></td>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`
  );
}
