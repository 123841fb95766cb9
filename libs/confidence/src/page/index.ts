export { confidencePage } from './confidence-page';

export type { ConfidenceContent, SuspiciousLabel } from './confidence-page';
