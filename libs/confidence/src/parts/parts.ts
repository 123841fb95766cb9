import type { Predicted, ScoredModel, Settings } from '../scored-model';
import { predict } from '../scored-model';
import { classesPart } from './by-class';
import { coveragePart } from './coverage';
import { figuresPart } from './figures';
import { mistakesPart } from './mistakes';
import { reliabilityDraft, reliabilityPart } from './reliability';

type MakePart = (all: readonly Predicted[], settings: Settings) => string;

/** The parts of a page that follow from the settings. */
const parts = {
  figures: figuresPart,
  reliability: reliabilityPart,
  coverage: coveragePart,
  mistakes: mistakesPart,
  classes: classesPart,
} satisfies Record<string, MakePart>;

/** The name of a part. */
export type PartName = keyof typeof parts;

/** What takes the place of a part until all others are made. */
const drafts: Partial<Record<PartName, MakePart>> = { reliability: reliabilityDraft };

/** All parts in their order. */
export const partNames = Object.keys(parts) as readonly PartName[];

/** A part's heading. */
export const partTitles: Readonly<Record<PartName, string>> = {
  figures: 'In figures',
  reliability: 'Reliability',
  coverage: 'Selection and prediction sets',
  mistakes: 'Most confident mistakes',
  classes: 'By class',
};

/** A part's name and its HTML, in which all names are escaped. */
export type Part = readonly [name: PartName, html: string];

/**
 * The parts of the page of some models, one after the other, so that a program can show the first while it works on the next. One
 * that takes long comes twice: at first as a draft.
 *
 * @throws MetricsError for what are no logits or labels
 */
export function* pageParts(
  models: readonly ScoredModel[],
  settings: Settings,
  names: readonly PartName[] = partNames,
): Generator<Part, undefined> {
  const all = models.map((model) => predict(model, settings.temperature));
  for (const name of names) yield [name, (drafts[name] ?? parts[name])(all, settings)];
  for (const name of names) if (name in drafts) yield [name, parts[name](all, settings)];
}

/** The place of a part, with what it holds to begin with. */
export function partSection(name: PartName, html: string): string {
  return `<section data-part="${name}"><h2>${partTitles[name]}</h2><div>${html}</div></section>`;
}
