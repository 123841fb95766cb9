import type { PartName } from '../parts/parts';

/** The parts of a run's page that its program makes anew. The mistakes stay as they are, with their pictures. */
export const liveParts: readonly PartName[] = ['figures', 'reliability', 'coverage', 'classes'];
