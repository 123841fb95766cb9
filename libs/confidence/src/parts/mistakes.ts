import { escapeText } from '@label-relaxation/plots';
import { percent } from '../html';
import type { Labelled, Predicted } from '../scored-model';

/** An example that is taken for another class. */
export interface Mistake {
  /** Its place among the scored examples. */
  readonly row: number;
  readonly label: number;
  readonly predicted: number;
  readonly confidence: number;
  /** The most probable classes, the first first, and their probabilities. */
  readonly best: readonly (readonly [k: number, probability: number])[];
}

/** How an example of a list is shown. */
export interface Shown {
  /** What the example is called: its number in the data. */
  readonly example: number;
  /** The address of its picture; null for none. */
  readonly picture: string | null;
}

/** Classes that are told of each mistake. */
const told = 3;

/** The wrong predictions of the highest confidence, the most confident first. */
export function confidentMistakes(given: Predicted<Labelled>, most: number): Mistake[] {
  const { model, classes, probabilities, predicted, confidences, isRight } = given;
  const wrong: number[] = [];
  isRight.forEach((right, row) => {
    if (!right) wrong.push(row);
  });
  return wrong
    .sort((a, b) => confidences[b]! - confidences[a]! || a - b)
    .slice(0, most)
    .map((row) => {
      const own = probabilities.subarray(row * classes, (row + 1) * classes);
      const best = Array.from(own, (probability, k) => [k, probability] as const)
        .sort((a, b) => b[1] - a[1] || a[0] - b[0])
        .slice(0, told);
      const figures = { predicted: predicted[row]!, confidence: confidences[row]!, best };
      return { row, label: model.labels[row]!, ...figures };
    });
}

/** An example's picture, where it has one. */
export function pictureOf(address: string | null, name: string): string {
  return address === null ? '' : `<img src="${address}" alt="${escapeText(name)}" width="84" height="84">`;
}

/** A list of mistakes with their most probable classes. */
export function mistakeList(mistakes: readonly (Mistake & Shown)[], classNames: readonly string[]): string {
  if (mistakes.length === 0) return '<p>Every example is right.</p>';
  const name = (k: number) => escapeText(classNames[k] ?? String(k));
  const items = mistakes.map(({ example, label, predicted, best, picture }) => {
    const rows = best.map(
      ([k, p]) =>
        `<li${k === label ? ' class="right"' : ''}><span>${name(k)}</span><span>${percent(p)}</span></li>`,
    );
    return (
      `<li>${pictureOf(picture, `example ${example}, ${classNames[label]}`)}` +
      `${picture === null ? `<p class="number">example ${example}</p>` : ''}` +
      `<p><span class="right">${name(label)}</span> taken for <span class="wrong">${name(predicted)}</span></p>` +
      `<ol>${rows.join('')}</ol></li>`
    );
  });
  return (
    `<p class="about">The ${mistakes.length} wrong predictions of the highest confidence, with the most probable classes.</p>` +
    `<ul class="examples">${items.join('')}</ul>`
  );
}

/** Mistakes that are shown of each model. */
const shown = 24;

/** The most confident mistakes of each model, by the examples' numbers. */
export function mistakesPart(all: readonly Predicted[]): string {
  return all
    .map((one) => {
      const { name, classNames, numbers } = one.model;
      const mistakes = confidentMistakes(one, shown).map((mistake) => ({
        ...mistake,
        example: numbers?.[mistake.row] ?? mistake.row,
        picture: null,
      }));
      const title = all.length > 1 ? `<h3>${escapeText(name)}</h3>` : '';
      return title + mistakeList(mistakes, classNames);
    })
    .join('');
}
