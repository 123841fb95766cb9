import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NetworkName } from './networks';
import type { PartContext, PartResult } from './part';
import { mlflowPython, ourProgram, peerProgram } from './programs';
import { runProgram } from './run-program';
import { figure, markdownTable } from './table';
import { type Entrant, takeTurns, type Timed } from './turns';

export interface PredictJson {
  readonly model: NetworkName;
  readonly who: string;
  readonly images: number;
  /** Median milliseconds of all images. */
  readonly ms: number;
  /** To Python's onnxruntime; null without it. */
  readonly ratio: number | null;
}

/** Measures the prediction of many images: an exported model in Node and in Python, and our own runtime. */
export async function benchPredict(context: PartContext): Promise<PartResult<PredictJson[]>> {
  const { flags } = context;
  const { images } = flags;
  const folder = mkdtempSync(join(tmpdir(), 'bench-predict-'));
  const rows: (PredictJson & { readonly timed: Timed<Entrant> })[] = [];
  try {
    for (const model of flags.models) {
      const file = join(folder, `${model}.onnx`);
      const own = (how: string) => ourProgram('predict.ts', model, file, String(images), how);
      await runProgram(`The export of ${model}`, own('write'));
      const python = peerProgram(mlflowPython, 'onnxruntime_predict.py', file, String(images));
      const entrants: Entrant[] = [
        { name: 'classifier, onnxruntime-node', program: own('onnxruntime') },
        { name: 'our runtime', program: own('runtime') },
        ...(flags.peers ? [{ name: "Python's onnxruntime", program: python }] : []),
      ];
      const measured = await takeTurns(model, entrants, context);
      const peer = flags.peers ? measured.at(-1)!.times.median : null;
      for (const timed of measured) {
        const { median } = timed.times;
        rows.push({
          model,
          who: timed.entrant.name,
          images,
          ms: median,
          ratio: peer && median / peer,
          timed,
        });
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const versions = [...new Set(rows.map(({ timed }) => timed.version))].join(', ');
  return {
    text: [
      `## Predicting ${images.toLocaleString('en')} images`,
      `${versions}. ${flags.rounds} rounds of about ${flags.seconds} s for each contender.`,
      table(rows),
    ].join('\n\n'),
    json: rows.map(({ model, who, images, ms, ratio }) => ({ model, who, images, ms, ratio })),
  };
}

function table(rows: readonly (PredictJson & { readonly timed: Timed<Entrant> })[]): string {
  return markdownTable(
    [
      { title: 'network' },
      { title: 'who' },
      { title: 'median ms', figures: true },
      { title: 'quartiles', figures: true },
      { title: "to Python's", figures: true },
      { title: 'peak MB', figures: true },
    ],
    rows.map(({ model, who, ms, ratio, timed: { times, peakMemory } }) => [
      model,
      who,
      figure(ms),
      `${figure(times.lower)}-${figure(times.upper)}`,
      ratio === null ? '-' : ratio.toFixed(2),
      peakMemory === null ? '-' : peakMemory.toFixed(0),
    ]),
  );
}
