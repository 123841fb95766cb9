import type { ReliabilityDiagram } from '@label-relaxation/metrics';

/** What the page is told of a run. */
export interface RunFacts {
  readonly id: string;
  /** Its loss in print, with its alpha. */
  readonly title: string;
  /** Its network, data set and seed. */
  readonly about: string;
  /** Its page in the MLflow UI. */
  readonly url: string;
  readonly dataset: string;
  /** Accuracy and ECE of its scored part; null where it logged none. */
  readonly accuracy: number | null;
  readonly ece: number | null;
  /** How often the prediction sets held the right class there, and how many classes they held; null of a run without. */
  readonly coverage: number | null;
  readonly setSize: number | null;
  /** Confidence and accuracy there, bin by bin; null of a run that did not log them. */
  readonly reliability: ReliabilityDiagram | null;
}

/** Pictures of the part that a run was scored on. */
export interface Samples {
  /** Why there are none, where there are none. */
  readonly reason: string | null;
  /** Height, width and channels. */
  readonly shape: readonly number[];
  readonly pictures: readonly Sample[];
}

export interface Sample {
  readonly label: string;
  /** 0 to 255, [height, width, channels], in base64. */
  readonly pixels: string;
}
