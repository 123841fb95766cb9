import type { ScoredModel, Settings } from '../scored-model';

/** The predictions that a page holds for its program, as JSON. */
export interface EmbeddedScores {
  readonly name: string;
  readonly classNames: readonly string[];
  /** Bytes in base64: float32 logits, and uint16 labels, both with the lowest byte first. */
  readonly logits: string;
  readonly labels: string;
  /** How many examples the page is of; more than labels where these are a sample. */
  readonly examples: number;
  readonly settings: Settings;
}

function bytesOf(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
}

/** The predictions that a page holds. */
export function embeddedModel({ name, classNames, logits, labels }: EmbeddedScores): ScoredModel {
  return {
    name,
    classNames,
    logits: new Float32Array(bytesOf(logits)),
    labels: new Uint16Array(bytesOf(labels)),
  };
}
