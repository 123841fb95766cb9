import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DataName, dataSets } from './rows';

/** Random numbers in (0, 1) that are the same each time. */
function randomNumbers(): () => number {
  let state = 1;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32 + 2 ** -33;
  };
}

/**
 * Writes predictions and labels into a folder of its own, probabilities.f32 and labels.i32: softmaxes of normal logits of
 * deviation 2, and labels drawn from those of 0.8 times the logits, so that the predictions are overconfident.
 */
export function writeData(name: DataName): { readonly folder: string; readonly remove: () => void } {
  const { examples, classes } = dataSets[name];
  const folder = mkdtempSync(join(tmpdir(), 'bench-metrics-'));
  const random = randomNumbers();
  const labels = new Int32Array(examples);
  const row = new Float32Array(classes);
  const chances = new Float64Array(classes);
  const block = new Float32Array(classes * 1000);
  const file = openSync(join(folder, 'probabilities.f32'), 'w');
  for (let example = 0; example < examples; example++) {
    let [sum, chance] = [0, 0];
    for (let k = 0; k < classes; k++) {
      const logit = 2 * Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
      row[k] = Math.exp(logit);
      sum += row[k]!;
      chances[k] = chance += Math.exp(0.8 * logit);
    }
    const drawn = random() * chance;
    labels[example] = chances.findIndex((upTo) => drawn < upTo);
    block.set(
      row.map((value) => value / sum),
      (example % 1000) * classes,
    );
    if (example % 1000 === 999) writeSync(file, block);
  }
  closeSync(file);
  writeFileSync(join(folder, 'labels.i32'), labels);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
