import { describeMachine, machineLine } from '../machine';
import type { PartContext, PartResult } from '../part';
import { ourProgram, peerProgram } from '../programs';
import { type Entrant, takeTurns } from '../turns';
import { writeData } from './data';
import { type Measured, type MetricsJson, metricsReport, metricsTable } from './report';
import { type DataName, dataSets, workersOf, type MeasureName } from './rows';

interface MetricsEntrant extends Entrant {
  /** The share of the work that its step does. */
  readonly share: number;
}

/** Measures the library's measures beside the libraries of Python: ours and theirs take turns, each in a process of its own. */
export async function benchMetrics(context: PartContext): Promise<PartResult<MetricsJson>> {
  const { flags, say } = context;
  const python = await context.python('metrics');
  const measured: Measured[] = [];
  for (const data of Object.keys(dataSets) as DataName[]) {
    say(`metrics: writing ${dataSets[data].title} predictions`);
    const { folder, remove } = writeData(data);
    try {
      for (const measure of flags.measures) {
        const entrants = entrantsOf(measure, data, folder, python);
        for (const { entrant, ...timed } of await takeTurns(`${measure} ${data}`, entrants, context)) {
          measured.push({ measure, data, name: entrant.name, share: entrant.share, ...timed });
        }
      }
    } finally {
      remove();
    }
  }
  const versions = [...new Set(measured.map(({ version }) => version))].sort().join(', ');
  return {
    text: [
      '## Measures of calibration',
      `${machineLine(describeMachine())}. ${versions}. ${flags.rounds} rounds of about ${flags.seconds} s for each contender.`,
      metricsTable(measured),
    ].join('\n\n'),
    json: metricsReport(measured),
  };
}

function entrantsOf(
  measure: MeasureName,
  data: DataName,
  folder: string,
  python: string | null,
): MetricsEntrant[] {
  const { ours, peers } = workersOf(measure, data);
  const own = { ...ours, program: ourProgram('metrics-step.ts', measure, folder, String(ours.share)) };
  if (python === null) return [own];
  const classes = String(dataSets[data].classes);
  const others = peers.map(({ name, share }) => ({
    name,
    share,
    program: peerProgram(python, 'metrics_step.py', measure, name, folder, classes, String(share)),
  }));
  return [own, ...others];
}
