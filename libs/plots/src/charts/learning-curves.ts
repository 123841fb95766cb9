import { lineChartSvg } from './points';

/** A figure of each epoch, from the first on; epochs without one are null. */
export interface LearningCurve {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

/**
 * Figures over epochs, counted from 1, as a self-contained SVG: the loss of the training and of the validation part, say.
 *
 * @throws PlotsError where there is no value or one is not finite
 */
export function learningCurvesSvg(
  curves: readonly LearningCurve[],
  { title = 'Learning curves', yLabel = 'Loss' }: { readonly title?: string; readonly yLabel?: string } = {},
): string {
  const series = curves.map(({ label, values }) => ({
    label,
    points: values.flatMap((y, i) => (y === null ? [] : [{ x: i + 1, y }])),
  }));
  return lineChartSvg(series, { title, xLabel: 'Epoch', yLabel });
}
