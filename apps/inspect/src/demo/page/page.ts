import { loadClassifier } from '@label-relaxation/classifier';
import * as ort from 'onnxruntime-web/wasm';
import { onFiles } from '../../inspect/choose-files';
import type { RunFacts, Samples } from '../facts';
import { firstRisk, percent, risks } from './answer';
import { DrawPad } from './draw-pad';
import { byId, element } from './element';
import type { Picture, Prepared } from './picture';
import { canvasOf, paintExample, prepare, readPicture, takesDigits } from './picture';
import { RunCard } from './run-card';

ort.env.wasm.wasmPaths = '/ort/';
ort.env.wasm.numThreads = 1;

async function start(): Promise<void> {
  const [runs, samples] = await Promise.all([
    fetchJson<readonly RunFacts[]>('/runs.json'),
    fetchJson<Samples>('/samples.json'),
  ]);
  const cards = await Promise.all(
    runs.map(
      async (facts, i) => new RunCard(facts, await loadClassifier(`/models/${i}.onnx`, { runtime: ort })),
    ),
  );
  const shapes = cards.map(({ classifier }) => classifier.inputShape);
  const odd = shapes.find((shape) => shape.length !== 3 || (shape[2] !== 1 && shape[2] !== 3));
  if (odd) throw new Error(`This model takes ${inWords(odd)}, no pictures: it cannot be tried here.`);
  new Demo(runs, cards, shapes, samples);
}

function inWords(shape: readonly number[]): string {
  return shape.length === 1 ? `${shape[0]} features` : `examples of ${shape.join(' x ')} numbers`;
}

async function fetchJson<T>(path: string): Promise<T> {
  return (await fetch(path)).json() as Promise<T>;
}

/** The page: a picture goes in, and each run says what it sees. */
class Demo {
  readonly #pad: DrawPad = new DrawPad(byId<HTMLCanvasElement>('pad'), (isEnd) =>
    this.#classify({ kind: 'drawing', ink: this.#pad.ink() }, isEnd),
  );
  #waiting: { readonly picture: Picture | null; readonly isEnd: boolean } | null = null;
  #isBusy = false;

  constructor(
    private readonly runs: readonly RunFacts[],
    private readonly cards: readonly RunCard[],
    private readonly shapes: readonly (readonly number[])[],
    samples: Samples,
  ) {
    const { classNames } = cards[0]!.classifier;
    const names = classNames.length <= 12 ? classNames.join(', ') : `${classNames.length} classes`;
    byId('about').textContent = `What the models of ${runs[0]!.dataset} tell apart: ${names}.`;
    byId('cards').replaceChildren(...cards.map((card) => card.element));
    this.#offerRisks();
    this.#offerPad();
    onFiles(byId<HTMLInputElement>('file'), ([file]) => void this.#open(file!));
    this.#offerSamples(samples);
    document.body.dataset['ready'] = '';
  }

  #offerRisks(): void {
    const select = byId<HTMLSelectElement>('risk');
    const first = firstRisk(this.runs.flatMap(({ reliability }) => reliability ?? []));
    select.replaceChildren(
      new Option('any: always answer', ''),
      ...risks.map((risk) => new Option(`at most ${percent(risk)}`, String(risk), false, risk === first)),
    );
    const accept = () => {
      for (const card of this.cards) card.accept(select.value === '' ? null : Number(select.value));
    };
    select.addEventListener('change', () => {
      accept();
      this.#announce();
    });
    accept();
  }

  #offerPad(): void {
    byId('drawing').hidden = !this.shapes.every(takesDigits);
    byId('clear').addEventListener('click', () => {
      this.#pad.clear();
      this.#tell(null);
      this.#classify(null, true);
    });
  }

  #offerSamples({ shape, pictures }: Samples): void {
    byId('samples').hidden = pictures.length === 0;
    byId('sample-list').replaceChildren(
      ...pictures.map((sample, i) => {
        const canvas = canvasOf(sample, shape);
        const button = element('button', '', canvas);
        button.type = 'button';
        button.setAttribute('aria-label', `Picture ${i + 1}, labelled ${sample.label}`);
        button.title = sample.label;
        button.addEventListener('click', () => this.#show({ kind: 'pixels', pixels: canvas }));
        return element('li', '', button);
      }),
    );
  }

  async #open(file: File): Promise<void> {
    try {
      this.#show(await readPicture(file));
    } catch (error) {
      this.#tell((error as Error).message);
    }
  }

  #show(picture: Picture): void {
    this.#pad.clear();
    this.#tell(null);
    this.#classify(picture, true);
  }

  #tell(problem: string | null): void {
    Object.assign(byId('problem'), { textContent: problem, hidden: problem === null });
  }

  /** Classifies a picture once the one before is done; of those that come meanwhile, the last. */
  #classify(picture: Picture | null, isEnd: boolean): void {
    this.#waiting = { picture, isEnd };
    if (!this.#isBusy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    while (this.#waiting !== null) {
      const { picture, isEnd } = this.#waiting;
      this.#waiting = null;
      try {
        await this.#classifyNow(picture);
        if (isEnd && picture !== null) this.#announce();
      } catch (error) {
        this.#tell((error as Error).message);
      }
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    this.#isBusy = false;
  }

  async #classifyNow(picture: Picture | null): Promise<void> {
    const prepared = this.shapes.map((shape, i) => picture && prepare(picture, shape, this.runs[i]!.dataset));
    this.#showSeen(prepared[0] ?? null);
    for (const [i, card] of this.cards.entries()) {
      const one = prepared[i];
      card.show(one ? await card.classifier.predict(one.example) : null);
    }
  }

  #showSeen(prepared: Prepared | null): void {
    const canvas = byId<HTMLCanvasElement>('seen');
    if (prepared) paintExample(canvas, prepared, this.shapes[0]!);
    else Object.assign(canvas, { width: 1, height: 1 });
    byId('prepared').textContent = prepared?.how ?? 'Nothing yet.';
  }

  #announce(): void {
    for (const card of this.cards) card.announce();
  }
}

start().catch((error: unknown) => {
  const [line] = (error as Error).message.split('\n');
  Object.assign(byId('problem'), { textContent: line, hidden: false });
  byId('about').textContent = '';
});
