import { escapeText } from '@label-relaxation/plots';
import type { ClassFigures } from '../run/by-class';
import type { SuspiciousExample } from '../run/suspicious-labels';
import type { Mistake } from './mistakes';
import { pageStyle } from './page-style';

/** What the page of a run shows. */
export interface ConfidenceContent {
  readonly title: string;
  readonly about: string;
  /** Figures by their names, written as the reader should see them. */
  readonly figures: readonly (readonly [name: string, value: string])[];
  /** SVGs. */
  readonly charts: readonly string[];
  readonly classNames: readonly string[];
  readonly classes: readonly ClassFigures[];
  readonly mistakes: readonly (Mistake & { readonly example: number; readonly picture: string | null })[];
  /** Null where no labels were disturbed. */
  readonly suspicious: readonly (SuspiciousExample & { readonly picture: string | null })[] | null;
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const share = (value: number | null) => (value === null ? '–' : value.toFixed(4));

function picture(address: string | null, name: string): string {
  return address === null ? '' : `<img src="${address}" alt="${escapeText(name)}" width="84" height="84">`;
}

function section(title: string, content: string): string {
  return `<section><h2>${title}</h2>${content}</section>`;
}

function mistakes({ mistakes: all, classNames }: ConfidenceContent): string {
  if (all.length === 0) return section('Most confident mistakes', '<p>Every example is right.</p>');
  const name = (k: number) => escapeText(classNames[k] ?? String(k));
  const items = all.map(({ example, label, predicted, best, picture: address }) => {
    const rows = best.map(
      ([k, p]) =>
        `<li${k === label ? ' class="right"' : ''}><span>${name(k)}</span><span>${percent(p)}</span></li>`,
    );
    return (
      `<li>${picture(address, `example ${example}, ${classNames[label]}`)}` +
      `<p><span class="right">${name(label)}</span> taken for <span class="wrong">${name(predicted)}</span></p>` +
      `<ol>${rows.join('')}</ol></li>`
    );
  });
  return section(
    'Most confident mistakes',
    `<p class="about">The ${all.length} wrong predictions of the highest confidence, with the most probable classes.</p>` +
      `<ul class="examples">${items.join('')}</ul>`,
  );
}

function suspicious({ suspicious: all }: ConfidenceContent): string {
  if (all === null || all.length === 0) return '';
  const items = all.map(
    ({ example, label, predicted, probability, isDisturbed, picture: address }) =>
      `<li>${picture(address, `training example ${example}`)}` +
      `<p>taught as <span class="wrong">${escapeText(label)}</span> (${percent(probability)}), seems ` +
      `<span class="right">${escapeText(predicted)}</span>: ${isDisturbed ? 'was disturbed' : "the data set's own label"}</p></li>`,
  );
  return section(
    'Most suspicious labels',
    `<p class="about">The ${all.length} training examples whose labels the model finds least probable.</p>` +
      `<ul class="examples">${items.join('')}</ul>`,
  );
}

function byClass(classes: readonly ClassFigures[]): string {
  const head = [
    'Class',
    'Examples',
    'Found (recall)',
    'Predicted',
    'Right (precision)',
    'Mean confidence',
    'Gap',
  ];
  const rows = classes.map(({ name, examples, predicted, recall, precision, confidence }) => {
    const gap = precision === null || confidence === null ? null : confidence - precision;
    const cells = [examples, share(recall), predicted, share(precision), share(confidence), share(gap)];
    return `<tr><th scope="row">${escapeText(name)}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return section(
    'By class',
    `<div class="scroll" tabindex="0" role="region" aria-label="Figures by class"><table><thead><tr>` +
      `${head.map((title) => `<th scope="col">${title}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`,
  );
}

/** How confident a run's model is, and with what right, as one page of HTML that loads nothing and runs nothing. */
export function confidencePage(content: ConfidenceContent): string {
  const { title, about, figures, charts, classes } = content;
  const list = figures.map(
    ([name, value]) => `<div><dt>${escapeText(name)}</dt><dd>${escapeText(value)}</dd></div>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escapeText(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<h1>${escapeText(title)}</h1>
<p class="about">${escapeText(about)}</p>
${section('In figures', `<dl class="figures">${list.join('')}</dl>`)}
${section('Diagrams', `<div class="pictures">${charts.map((svg) => `<figure>${svg}</figure>`).join('')}</div>`)}
${mistakes(content)}
${suspicious(content)}
${byClass(classes)}
</main>
</body>
</html>
`;
}
