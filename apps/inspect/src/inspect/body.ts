import { calibrationMethods } from '@label-relaxation/calibration';
import { controlsHtml, defaultSettings, partNames, partSection } from '@label-relaxation/confidence';

/** All methods but the one without a penalty, which overfits. */
const methods = ['best', ...calibrationMethods.filter((name) => name !== 'matrix')];

const option = (name: string) =>
  `<option value="${name}"${name === 'temperature' ? ' selected' : ''}>${name.replace('_', '-')}</option>`;

/** The page before there is anything to show. */
export const body = `<main>
<h1>Inspect predictions</h1>
<p class="about">How confident a classifier is, and with what right. Files are read in this browser, and nothing leaves it.</p>
<section class="choose">
<p><label class="button" for="files">Choose one file, or two to compare</label> <span class="drop-hint">or drop them anywhere on this page</span></p>
<input id="files" type="file" multiple accept=".csv,.npz" aria-describedby="form">
<p class="hint" id="form"><code>.npz</code> of <code>logits</code> or <code>probabilities</code>, [n, classes], and <code>labels</code>, [n]; or CSV, a column for each class and one of labels.</p>
<p class="column"><label for="label-column">Column of labels</label> <input id="label-column" type="text" placeholder="label" autocomplete="off" spellcheck="false"> <span class="hint">in CSV, as <code>--label_column</code> of <code>npm run study -- score</code></span></p>
</section>
<p class="refusal" role="alert"></p>
<div class="progress"><p role="status"></p><progress aria-label="Progress" max="1" hidden></progress></div>
<div class="results" hidden>
<ul class="about opened"></ul>
${controlsHtml(defaultSettings)}
<section class="calibrate"><h2>Calibrate</h2>
<form aria-label="Calibrator"><label for="method">Method</label> <select id="method" name="method">${methods.map(option).join('')}</select> <button type="submit">Fit</button></form>
<p class="hint">On every other example; figures and diagrams are then of the rest, before and after.</p>
<p class="fitted" aria-live="polite"></p></section>
${partNames.map((name) => partSection(name, '')).join('\n')}
</div>
</main>`;
