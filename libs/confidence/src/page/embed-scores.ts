import type { EmbeddedScores } from '../live/scores';
import type { ScoredModel, Settings } from '../scored-model';

/** Numbers that a page holds at most, in 1.4 MB of base64: of more examples, as many as they are enough for. */
const mostNumbers = 2 ** 18;

/** The predictions of a model, or of evenly spread examples of it, as a page holds them. */
export function embedScores(model: ScoredModel, settings: Settings, most = mostNumbers): EmbeddedScores {
  const { name, classNames, logits, labels } = model;
  const classes = classNames.length;
  const examples = labels.length;
  const size = Math.min(examples, Math.max(1, Math.floor(most / classes)));
  const kept = new DataView(new ArrayBuffer(4 * size * classes));
  const keptLabels = new DataView(new ArrayBuffer(2 * size));
  for (let i = 0; i < size; i++) {
    const row = Math.floor((i * examples) / size);
    for (let k = 0; k < classes; k++)
      kept.setFloat32(4 * (i * classes + k), logits[row * classes + k]!, true);
    keptLabels.setUint16(2 * i, labels[row]!, true);
  }
  const base64 = ({ buffer }: DataView) => Buffer.from(buffer).toString('base64');
  return { name, classNames, logits: base64(kept), labels: base64(keptLabels), examples, settings };
}
