/** The program of a run's page: it makes the parts anew where the reader moves a slider. */
import { bindControls } from '../controls';
import { recomputer } from '../recompute';
import { liveParts } from './live-parts';
import type { EmbeddedScores } from './scores';
import { embeddedModel } from './scores';

const scores = JSON.parse(document.getElementById('scores')!.textContent!) as EmbeddedScores;
const model = embeddedModel(scores);
const size = model.labels.length;
const status = document.querySelector('[role=status]')!;
const count = (examples: number) => examples.toLocaleString('en-US');

const recompute = recomputer(
  [model],
  {
    onPart: ([name, html]) => {
      document.querySelector(`[data-part=${name}] > div`)!.innerHTML = html;
    },
    onDone: () => {
      status.textContent =
        size < scores.examples
          ? `Recomputed of a sample: ${count(size)} of the ${count(scores.examples)} examples.`
          : 'Recomputed.';
    },
  },
  liveParts,
);
bindControls(document.querySelector('form')!, scores.settings, recompute);
status.textContent = '';
