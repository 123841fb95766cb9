/** One of the library's measures: metrics-step.ts MEASURE FOLDER SHARE, on that share of the predictions that metrics/data.ts wrote. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fitCalibrator, fitConformal, predictSets, scoreSets } from '@label-relaxation/calibration';
import type { Predictions } from '@label-relaxation/metrics';
import {
  aurc,
  classwiseCalibrationError,
  expectedCalibrationError,
  smoothCalibrationError,
} from '@label-relaxation/metrics';
import { bootstrap } from '@label-relaxation/metrics/threads';
import type { MeasureName } from '../metrics/rows';
import { forgetPeak, serve } from './protocol';

const steps: Record<MeasureName, (predictions: Predictions, labels: Int32Array) => number | Promise<number>> =
  {
    ece: (predictions, labels) => expectedCalibrationError(predictions, labels),
    classwise: (predictions, labels) => classwiseCalibrationError(predictions, labels),
    smooth: (predictions, labels) => smoothCalibrationError(predictions, labels),
    aurc: (predictions, labels) => aurc(predictions, labels),
    bootstrap: async (predictions, labels) => {
      const options = { draws: 1000, interval: 'percentile' } as const;
      return (await bootstrap(expectedCalibrationError, predictions, labels, options)).upper;
    },
    temperature: (predictions, labels) =>
      fitCalibrator('temperature', { ...predictions, labels }).temperature,
    smatrix: (predictions, labels) => fitCalibrator('smatrix', { ...predictions, labels }).bias[0]!,
    isotonic: (predictions, labels) => fitCalibrator('isotonic', { ...predictions, labels }).maps[0]!.y[0]!,
    raps: (predictions, labels) => {
      const predictor = fitConformal({ ...predictions, labels }, { score: 'raps', randomised: false });
      return scoreSets(predictSets(predictor, predictions), labels).meanSize;
    },
  };

function read(folder: string, name: string): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = readFileSync(join(folder, name));
  return byteLength === buffer.byteLength
    ? (buffer as ArrayBuffer)
    : (buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
}

async function main([measure, folder, share]: readonly string[]): Promise<void> {
  const all = new Int32Array(read(folder!, 'labels.i32'));
  const labels = all.subarray(0, Math.round(Number(share) * all.length));
  const values = new Float32Array(read(folder!, 'probabilities.f32'));
  const probabilities = values.subarray(0, (values.length / all.length) * labels.length);
  const step = steps[measure as MeasureName];
  forgetPeak();
  await serve(async () => step({ probabilities }, labels), `Node ${process.versions.node}`);
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.name}: ${error.message}\n`);
  process.exit(1);
});
