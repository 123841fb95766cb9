import { escapeText } from '@label-relaxation/plots';

/** A figure with four decimals; a dash for one that there is not. */
export const share = (value: number | null) => (value === null ? '–' : value.toFixed(4));

/** A share as a percentage. */
export const percent = (value: number, decimals = 1) => `${(value * 100).toFixed(decimals)} %`;

/** Figures by their names. */
export function figureList(figures: readonly (readonly [name: string, value: string])[]): string {
  const items = figures.map(
    ([name, value]) => `<div><dt>${escapeText(name)}</dt><dd>${escapeText(value)}</dd></div>`,
  );
  return `<dl class="figures">${items.join('')}</dl>`;
}

/** A part of a page under its heading. */
export function section(title: string, content: string): string {
  return `<section><h2>${escapeText(title)}</h2>${content}</section>`;
}

/** Pictures beside each other where there is room. */
export function pictures(svgs: readonly string[]): string {
  return `<div class="pictures">${svgs.map((svg) => `<figure>${svg}</figure>`).join('')}</div>`;
}
