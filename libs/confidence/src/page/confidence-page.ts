import { createHash } from 'node:crypto';
import { escapeText } from '@label-relaxation/plots';
import { controlsHtml } from '../controls';
import { figureList, percent, pictures, section } from '../html';
import { pageStyle } from '../page-style';
import type { Mistake, Shown } from '../parts/mistakes';
import { mistakeList, pictureOf } from '../parts/mistakes';
import { liveParts } from '../live/live-parts';
import { pageParts, partSection } from '../parts/parts';
import type { ScoredModel, Settings } from '../scored-model';
import { embedScores } from './embed-scores';
import { liveProgram } from './live-program';

/** A training example whose label a model doubts. */
export interface SuspiciousLabel {
  readonly example: number;
  /** Its class as it was taught, and the probability that the model gives it. */
  readonly label: string;
  readonly probability: number;
  readonly predicted: string;
  /** Whether it was changed on purpose. */
  readonly isDisturbed: boolean;
  readonly picture: string | null;
}

/** What the page of a run shows. */
export interface ConfidenceContent {
  readonly title: string;
  readonly about: string;
  readonly model: ScoredModel;
  readonly settings: Settings;
  /** Figures and charts of the run that do not follow the settings. */
  readonly figures: readonly (readonly [name: string, value: string])[];
  readonly charts: readonly string[];
  readonly mistakes: readonly (Mistake & Shown)[];
  /** Null where no labels were disturbed. */
  readonly suspicious: readonly SuspiciousLabel[] | null;
}

function suspiciousSection({ suspicious: all }: ConfidenceContent): string {
  if (all === null || all.length === 0) return '';
  const items = all.map(
    ({ example, label, predicted, probability, isDisturbed, picture }) =>
      `<li>${pictureOf(picture, `training example ${example}`)}` +
      `<p>taught as <span class="wrong">${escapeText(label)}</span> (${percent(probability)}), seems ` +
      `<span class="right">${escapeText(predicted)}</span>: ${isDisturbed ? 'was disturbed' : "the data set's own label"}</p></li>`,
  );
  return section(
    'Most suspicious labels',
    `<p class="about">The ${all.length} training examples whose labels the model finds least probable.</p>` +
      `<ul class="examples">${items.join('')}</ul>`,
  );
}

function runSection({ figures, charts }: ConfidenceContent): string {
  if (figures.length + charts.length === 0) return '';
  return section(
    'As the run was trained',
    (figures.length > 0 ? figureList(figures) : '') + (charts.length > 0 ? pictures(charts) : ''),
  );
}

/** What is said where a viewer runs no programs. */
const lifeless =
  'The sliders need a program, which this viewer does not run: open the file in a browser, or give its predictions to npm run inspect.';

/**
 * How confident a run's model is, and with what right, as one page of HTML that loads nothing. Its program, the only one that its
 * policy lets run, recomputes the figures and diagrams where the reader moves a slider; without it they stay as they are.
 *
 * @throws MetricsError for what are no logits or labels
 */
export async function confidencePage(content: ConfidenceContent): Promise<string> {
  const { title, about, model, settings, mistakes } = content;
  const program = await liveProgram();
  const policy = [
    "default-src 'none'",
    'img-src data:',
    "style-src 'unsafe-inline'",
    `script-src 'sha256-${createHash('sha256').update(program).digest('base64')}'`,
  ];
  const { figures, reliability, coverage, classes } = Object.fromEntries(
    [...pageParts([model], settings, liveParts)].map(([name, html]) => [name, partSection(name, html)]),
  );
  const scores = JSON.stringify(embedScores(model, settings)).replace(/</gu, '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">
<title>${escapeText(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<h1>${escapeText(title)}</h1>
<p class="about">${escapeText(about)}</p>
${controlsHtml(settings)}
<p class="status" role="status">${lifeless}</p>
${figures}
${reliability}
${coverage}
${runSection(content)}
${section('Most confident mistakes', mistakeList(mistakes, model.classNames))}
${suspiciousSection(content)}
${classes}
</main>
<script type="application/json" id="scores">${scores}</script>
<script>${program}</script>
</body>
</html>
`;
}
