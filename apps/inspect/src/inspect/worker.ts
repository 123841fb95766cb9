/** Reads, scores and calibrates, so that the page stays free for its reader. */
import type { ScoredModel, Settings } from '@label-relaxation/confidence';
import { defaultSettings, recomputer } from '@label-relaxation/confidence';
import { calibrate } from './calibrate';
import type { Fitted, Method, Reply, Request } from './messages';
import type { OpenedFile } from './read-file';
import { readFile } from './read-file';

// The worker's own side has these members of `Worker`, too.
const page = globalThis as unknown as Pick<Worker, 'postMessage' | 'onmessage'>;

const say = (reply: Reply) => page.postMessage(reply);

let opened: readonly ScoredModel[] = [];
let settings: Settings = defaultSettings;
let recompute: ReturnType<typeof recomputer> | null = null;

/** Shows other models: what is made of those before them comes to an end. */
function show(models: readonly ScoredModel[]): void {
  recompute?.(null);
  recompute = recomputer(models, {
    onPart: (part) => say({ kind: 'part', part }),
    onDone: () => say({ kind: 'done' }),
  });
  recompute(settings);
}

async function open(files: readonly File[], labelColumn: string): Promise<void> {
  recompute?.(null);
  const all: OpenedFile[] = [];
  for (const file of files) {
    const text = `Reading ${file.name}`;
    say({ kind: 'progress', text, share: 0 });
    all.push(await readFile(file, labelColumn, (share) => say({ kind: 'progress', text, share })));
  }
  opened = all.map(({ model }) => model);
  settings = defaultSettings;
  say({ kind: 'opened', lines: all.map(({ line }) => line) });
  say({ kind: 'progress', text: 'Computing' });
  show(opened);
}

function fit(method: Method): void {
  recompute?.(null);
  say({ kind: 'progress', text: `Fitting ${method}` });
  const all = opened.map((model) => calibrate(model, method));
  const fitted = all.map(({ calibrator }, i): Fitted => ({
    name: `${opened[i]!.name.replace(/\.[^.]*$/u, '')}-calibrator.json`,
    method: calibrator.method,
    json: `${JSON.stringify(calibrator, null, 2)}\n`,
  }));
  const held = all[0]!.before.labels.length.toLocaleString('en-US');
  say({
    kind: 'fitted',
    fitted,
    note: `Fitted on every other example. What follows is of the ${held} others, before and after.`,
  });
  show(all.flatMap(({ before, after }) => [before, after]));
}

async function answer(request: Request): Promise<void> {
  switch (request.kind) {
    case 'open':
      return open(request.files, request.labelColumn);
    case 'calibrate':
      return fit(request.method);
    case 'settings':
      // The controls of files that are opened anew say what is shown already.
      if (JSON.stringify(request.settings) === JSON.stringify(settings)) return;
      settings = request.settings;
      say({ kind: 'progress', text: 'Computing' });
      return recompute?.(settings);
  }
}

page.onmessage = ({ data }: MessageEvent<Request>) => {
  answer(data).catch((error: unknown) => {
    say({ kind: 'refused', message: error instanceof Error ? error.message : String(error) });
  });
};
