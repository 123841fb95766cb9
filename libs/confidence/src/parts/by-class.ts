import { reliabilityDiagram } from '@label-relaxation/metrics';
import { escapeText, reliabilityByClassSvg, scatterSvg } from '@label-relaxation/plots';
import { share } from '../html';
import type { Labelled, Predicted, Settings } from '../scored-model';

/** How a network does on one class. */
export interface ClassFigures {
  readonly name: string;
  /** Examples of the class, and those that were predicted as it. */
  readonly examples: number;
  readonly predicted: number;
  /** Share of the class's examples that were found; null where it has none. */
  readonly recall: number | null;
  /** Share of those predicted as it that are right, and their mean confidence; null where nothing was. */
  readonly precision: number | null;
  readonly confidence: number | null;
}

/** Figures of each class, by its name. */
export function figuresByClass(given: Predicted<Labelled>): ClassFigures[] {
  const { model, classes, predicted, confidences, isRight } = given;
  const { labels, classNames } = model;
  const [examples, chosen, hits] = [0, 1, 2].map(() => new Uint32Array(classes)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  const confidence = new Float64Array(classes);
  for (let row = 0; row < labels.length; row++) {
    const best = predicted[row]!;
    examples[labels[row]!]!++;
    chosen[best]!++;
    confidence[best]! += confidences[row]!;
    if (isRight[row]) hits[best]!++;
  }
  const ratio = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  return classNames.map((name, k) => ({
    name,
    examples: examples[k]!,
    predicted: chosen[k]!,
    recall: ratio(hits[k]!, examples[k]!),
    precision: ratio(hits[k]!, chosen[k]!),
    confidence: ratio(confidence[k]!, chosen[k]!),
  }));
}

/** A point for each class that was predicted: how sure of it the network is, and how often it is right. */
export function classesSvg(figures: readonly ClassFigures[], title: string): string | null {
  const points = figures.flatMap(({ name, precision, confidence, predicted }) =>
    precision === null || confidence === null
      ? []
      : [{ x: confidence, y: precision, label: `${name}: ${predicted} predicted` }],
  );
  if (points.length === 0) return null;
  const axes = { xLabel: 'mean confidence', yLabel: 'share that is right' };
  return scatterSvg([{ label: 'predicted class', points }], { title, ...axes });
}

const head = [
  'Class',
  'Examples',
  'Found (recall)',
  'Predicted',
  'Right (precision)',
  'Mean confidence',
  'Gap',
];

function table(classes: readonly ClassFigures[], label: string): string {
  const rows = classes.map(({ name, examples, predicted, recall, precision, confidence }) => {
    const gap = precision === null || confidence === null ? null : confidence - precision;
    const cells = [examples, share(recall), predicted, share(precision), share(confidence), share(gap)];
    return `<tr><th scope="row">${escapeText(name)}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return (
    `<div class="scroll" tabindex="0" role="region" aria-label="${escapeText(label)}"><table><thead><tr>` +
    `${head.map((title) => `<th scope="col">${title}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`
  );
}

/** Rows that are turned into columns together, so that they are in the processor's cache meanwhile. */
const block = 64;

/** The probabilities of each class, one class after the other. */
function byColumn(probabilities: Float64Array, classes: number): Float64Array {
  const examples = probabilities.length / classes;
  const columns = new Float64Array(probabilities.length);
  for (let start = 0; start < examples; start += block) {
    const end = Math.min(start + block, examples);
    for (let k = 0; k < classes; k++) {
      for (let row = start; row < end; row++) columns[k * examples + row] = probabilities[row * classes + k]!;
    }
  }
  return columns;
}

function diagrams({ model, classes, probabilities }: Predicted, { bins, binning }: Settings): string {
  const { labels, classNames } = model;
  const examples = labels.length;
  const columns = byColumn(probabilities, classes);
  const happened = new Uint8Array(examples);
  const named = classNames.map((label, k) => {
    const event = columns.subarray(k * examples, (k + 1) * examples);
    for (let row = 0; row < examples; row++) happened[row] = labels[row] === k ? 1 : 0;
    return { label, diagram: reliabilityDiagram({ event }, happened, { bins, binning }) };
  });
  return reliabilityByClassSvg(named);
}

/** Of each model a table by class, and a small diagram for each class. */
export function classesPart(all: readonly Predicted[], settings: Settings): string {
  return all
    .map((one) => {
      const { name } = one.model;
      const title = all.length > 1 ? `<h3>${escapeText(name)}</h3>` : '';
      const own = all.length > 1 ? `Figures by class, ${name}` : 'Figures by class';
      return `${title}${table(figuresByClass(one), own)}<figure>${diagrams(one, settings)}</figure>`;
    })
    .join('');
}
