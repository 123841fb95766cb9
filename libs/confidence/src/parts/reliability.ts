import { reliabilityCurve, reliabilityDiagram } from '@label-relaxation/metrics';
import { reliabilityDiagramSvg, reliabilityOverlaySvg } from '@label-relaxation/plots';
import { pictures } from '../html';
import type { Predicted, Settings } from '../scored-model';

/** Resamples of the smooth curve's band, and the examples that are drawn in all of them together at most. */
const mostDraws = 200;
const mostDrawn = 4_000_000;

/** The reliability diagram of each model, and of several all in one. */
function diagrams(all: readonly Predicted[], settings: Settings, most: number): string {
  const { temperature, bins, binning } = settings;
  const named = all.map(({ model, confidences: event, isRight }) => {
    const draws = Math.min(most, Math.floor(mostDrawn / event.length));
    return {
      label: model.name,
      diagram: reliabilityDiagram({ event }, isRight, { bins, binning }),
      curve: reliabilityCurve({ event }, isRight, { draws }),
    };
  });
  const own = named.map(({ label, diagram, curve }) =>
    reliabilityDiagramSvg(diagram, { title: label, curve, ...(temperature === 1 ? {} : { temperature }) }),
  );
  return pictures(named.length > 1 ? [...own, reliabilityOverlaySvg(named)] : own);
}

/** The diagrams with the smooth curves and their bands. */
export const reliabilityPart = (all: readonly Predicted[], settings: Settings) =>
  diagrams(all, settings, mostDraws);

/** The same without the bands, which take the longest. */
export const reliabilityDraft = (all: readonly Predicted[], settings: Settings) => diagrams(all, settings, 0);
