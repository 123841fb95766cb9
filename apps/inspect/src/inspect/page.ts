/** The page's program: hands files and settings to the worker, and shows what comes back. */
import { bindControls, defaultSettings } from '@label-relaxation/confidence';
import { onFiles } from './choose-files';
import type { Fitted, Method, Reply, Request } from './messages';

const find = <E extends HTMLElement>(selector: string) => document.querySelector<E>(selector)!;

const refusal = find('.refusal');
const status = find('[role=status]');
const progress = find<HTMLProgressElement>('progress');
const results = find('.results');
const fitted = find('.fitted');
const controls = find<HTMLFormElement>('.controls');
const calibrator = find<HTMLFormElement>('.calibrate form');

const worker = new Worker(new URL('/inspect/worker.js', location.href), { type: 'module' });
const ask = (request: Request) => worker.postMessage(request);

/** Files that are looked at together at most. */
const most = 2;

function refuse(message: string): void {
  refusal.textContent = message;
  progress.hidden = true;
  status.textContent = '';
  results.classList.remove('stale');
}

function work(text: string, share?: number): void {
  refusal.textContent = '';
  status.textContent = text;
  progress.hidden = false;
  if (share === undefined) progress.removeAttribute('value');
  else progress.value = share;
  results.classList.add('stale');
}

function showFitted(all: readonly Fitted[], note: string): void {
  const links = all.flatMap(({ name, method, json }) => {
    const href = URL.createObjectURL(new Blob([json], { type: 'application/json' }));
    const link = Object.assign(document.createElement('a'), { href, download: name });
    link.textContent = `Download ${name} (${method})`;
    return [link, document.createElement('br')];
  });
  fitted.replaceChildren(...links, note);
}

function clearFitted(): void {
  for (const { href } of fitted.querySelectorAll('a')) URL.revokeObjectURL(href);
  fitted.replaceChildren();
}

function hear(reply: Reply): void {
  switch (reply.kind) {
    case 'progress':
      return work(reply.text, reply.share);
    case 'refused':
      return refuse(reply.message);
    case 'opened': {
      clearFitted();
      controls.reset();
      find('.opened').replaceChildren(
        ...reply.lines.map((line) => Object.assign(document.createElement('li'), { textContent: line })),
      );
      return;
    }
    case 'fitted':
      return showFitted(reply.fitted, reply.note);
    case 'part': {
      const [name, html] = reply.part;
      find(`[data-part=${name}] > div`).innerHTML = html;
      results.hidden = false;
      return;
    }
    case 'done':
      progress.hidden = true;
      status.textContent = 'Up to date';
      results.classList.remove('stale');
  }
}

worker.onmessage = ({ data }: MessageEvent<Reply>) => hear(data);
worker.onerror = ({ message }) => refuse(`The page's own program failed: ${message}`);

onFiles(find<HTMLInputElement>('#files'), (files) => {
  if (files.length > most) return refuse(`${files.length} files: one is looked at, or two are compared.`);
  work('Reading');
  ask({ kind: 'open', files, labelColumn: find<HTMLInputElement>('#label-column').value.trim() });
});
bindControls(controls, defaultSettings, (settings) => ask({ kind: 'settings', settings }));
calibrator.addEventListener('submit', (event) => {
  event.preventDefault();
  clearFitted();
  work('Fitting');
  ask({ kind: 'calibrate', method: new FormData(calibrator).get('method') as Method });
});
