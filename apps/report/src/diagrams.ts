import type { ReliabilityDiagram } from '@label-relaxation/metrics';
import { ReportError } from './errors';
import { mean } from './statistics/moments';

/** A reliability diagram from a run's JSON artifact; throws a ReportError if it is none. */
export function parseDiagram(text: string, runId: string): ReliabilityDiagram {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  if (!isDiagram(value)) {
    throw new ReportError(
      `reliability_diagram.json of run ${runId} is no reliability diagram: score the run again`,
    );
  }
  return value;
}

function isDiagram(value: unknown): value is ReliabilityDiagram {
  const { bins, examples, ece, accuracy, confidence } = (value ?? {}) as Partial<ReliabilityDiagram>;
  return (
    [examples, ece, accuracy, confidence].every((figure) => typeof figure === 'number') &&
    Array.isArray(bins) &&
    bins.length > 0 &&
    bins.every((bin) => {
      const { lower, upper, count, accuracy, confidence } = (bin ?? {}) as Partial<typeof bin>;
      const isNumber = (part: unknown) => typeof part === 'number';
      return (
        [lower, upper, count].every(isNumber) &&
        [accuracy, confidence].every((part) => isNumber(part) || (part === null && count === 0))
      );
    })
  );
}

/**
 * One diagram of several runs: bins pooled over all their examples, and as ECE the mean of theirs, as the table gives it. Null if
 * their bins differ.
 */
export function poolDiagrams(diagrams: readonly ReliabilityDiagram[]): ReliabilityDiagram | null {
  const [first] = diagrams;
  if (first === undefined) return null;
  const edges = (diagram: ReliabilityDiagram) =>
    JSON.stringify(diagram.bins.map(({ lower, upper }) => [lower, upper]));
  if (diagrams.some((diagram) => edges(diagram) !== edges(first))) return null;
  const examples = diagrams.reduce((sum, diagram) => sum + diagram.examples, 0);
  const weighted = (part: 'accuracy' | 'confidence') =>
    diagrams.reduce((sum, diagram) => sum + diagram[part] * diagram.examples, 0) / examples;
  return {
    examples,
    accuracy: weighted('accuracy'),
    confidence: weighted('confidence'),
    ece: mean(diagrams.map(({ ece }) => ece)),
    bins: first.bins.map(({ lower, upper }, k) => {
      const same = diagrams.map(({ bins }) => bins[k] as ReliabilityDiagram['bins'][number]);
      const count = same.reduce((sum, bin) => sum + bin.count, 0);
      if (count === 0) return { lower, upper, count, confidence: null, accuracy: null, gap: null };
      const pooled = (part: 'accuracy' | 'confidence') =>
        same.reduce((sum, bin) => sum + bin.count * (bin[part] ?? 0), 0) / count;
      const [accuracy, confidence] = [pooled('accuracy'), pooled('confidence')];
      return { lower, upper, count, confidence, accuracy, gap: confidence - accuracy };
    }),
  };
}
