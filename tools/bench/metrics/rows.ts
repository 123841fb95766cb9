/** Which share of the work a step does where all of it would take minutes: times are extrapolated. */
type Share = number | Readonly<Record<DataName, number>>;

/** A measure of the table, and who else has it. */
interface Row {
  readonly title: string;
  /** Our share, of the examples: all unless given. */
  readonly ours?: Share;
  readonly peers: Readonly<Record<string, Share>>;
}

/** The rows of the table: a name is a step of ours/metrics-step.ts and, with a peer, of peers/metrics_step.py. */
export const rows = {
  ece: { title: 'ECE', peers: { torchmetrics: 1, netcal: 1, 'uncertainty-calibration': 1 } },
  classwise: {
    title: 'classwise ECE',
    peers: { netcal: { narrow: 1, wide: 0.02 }, 'torch-uncertainty': { narrow: 1, wide: 0.02 } },
  },
  smooth: { title: 'smooth ECE', peers: { relplot: 1, 'torch-uncertainty': 1 } },
  aurc: { title: 'AURC', peers: { 'torch-uncertainty': 1 } },
  bootstrap: {
    title: '1,000 bootstrap draws of ECE',
    peers: {
      'netcal by SciPy': { narrow: 0.004, wide: 0.02 },
      torchmetrics: { narrow: 0.004, wide: 0.02 },
      'uncertainty-calibration': { narrow: 0.001, wide: 0.004 },
    },
  },
  temperature: { title: 'temperature, fitted', peers: { 'scikit-learn': 1, probmetrics: 1 } },
  smatrix: {
    title: 'structured matrix, fitted',
    ours: { narrow: 1, wide: 0.02 },
    peers: { probmetrics: { narrow: 1, wide: 0.02 } },
  },
  isotonic: {
    title: 'isotonic regression, fitted',
    peers: { 'scikit-learn': { narrow: 1, wide: 0.02 } },
  },
  raps: { title: 'RAPS, thresholds and sets', peers: { MAPIE: { narrow: 1, wide: 0.1 } } },
} as const satisfies Record<string, Row>;

export type MeasureName = keyof typeof rows;
export const measureNames = Object.keys(rows) as MeasureName[];

/** The predictions that are measured. */
export const dataSets = {
  narrow: { title: 'a million of 10 classes', examples: 1_000_000, classes: 10 },
  wide: { title: '100,000 of 1,000 classes', examples: 100_000, classes: 1000 },
} as const;

export type DataName = keyof typeof dataSets;

/** Who does a step of a measure, and which share of the work. */
export interface Worker {
  readonly name: string;
  readonly share: number;
}

/** We, and the peers of a row. */
export function workersOf(measure: MeasureName, data: DataName): { ours: Worker; peers: Worker[] } {
  const { ours = 1, peers }: Row = rows[measure];
  const worker = (name: string, share: Share): Worker => ({
    name,
    share: typeof share === 'number' ? share : share[data],
  });
  return {
    ours: worker('ours', ours),
    peers: Object.entries(peers).map(([name, share]) => worker(name, share)),
  };
}
