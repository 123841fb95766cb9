import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describeMachine, machineLine } from '../machine';
import type { PartContext, PartResult } from '../part';
import { ourProgram, peerProgram } from '../programs';
import type { Entrant, Timed } from '../turns';
import { takeTurns } from '../turns';
import type { DataFound, DataJson } from './report';
import { dataReport, dataTables } from './report';
import { memoryBytes, writeLargeSet, writePhotographs } from './sets';

const execute = promisify(execFile);

/** The peers that decode images, and the modules that they are. */
const decoders = { 'tf.data': 'tensorflow', torchvision: 'torchvision' } as const;

/**
 * Measures data of one's own: decoded images beside tf.data and torchvision, a training step that is fed beside one that
 * holds its inputs, and the memory that a set three times larger than what it may take needs.
 */
export async function benchData(context: PartContext): Promise<PartResult<DataJson>> {
  const { flags, say } = context;
  const python = await context.python('training');
  say('data: writing photographs');
  const photographs = await writePhotographs();
  const large = writeLargeSet();
  try {
    const peers = python === null ? [] : await peersOf(python, photographs.folder, say);
    const decoded: DataFound['decoded'][number][] = [];
    for (const side of ['0', '64']) {
      const entrants = [...peers, { name: 'ours', program: ourProgram('decode.ts', photographs.folder) }].map(
        ({ name, program }) => ({ name, program: { ...program, args: [...program.args, side] } }),
      );
      const timed = await takeTurns(`decoding to ${side}`, entrants, context);
      decoded.push(...timed.map((one) => ({ ...one, side: Number(side) })));
    }
    const step = (mode: string): Entrant => ({
      name: mode,
      program: ourProgram('fed-step.ts', mode, String(flags.batch)),
    });
    const steps = await takeTurns('ResNet56V2', [step('held'), step('fed')], context);
    const reading = {
      name: 'epoch',
      program: ourProgram('large-epoch.ts', large.folder, String(memoryBytes)),
    };
    const [epoch] = (await takeTurns('large set', [reading], { flags: { ...flags, rounds: 1 }, say })) as [
      Timed<Entrant>,
    ];
    const found = { decoded, steps, epoch, images: photographs.count, bytes: large.bytes };
    return {
      text: [
        '## Data of one’s own',
        `${machineLine(describeMachine())}. ${flags.rounds} rounds of about ${flags.seconds} s for each contender.`,
        ...dataTables(found),
      ].join('\n\n'),
      json: dataReport(found),
    };
  } finally {
    photographs.remove();
    large.remove();
  }
}

/** The peers that are installed; of the others it is said that they are not. */
async function peersOf(python: string, folder: string, say: PartContext['say']): Promise<Entrant[]> {
  const present: Entrant[] = [];
  for (const [name, module] of Object.entries(decoders)) {
    const find = `import importlib.util, sys; sys.exit(importlib.util.find_spec("${module}") is None)`;
    try {
      await execute(python, ['-c', find]);
      present.push({ name, program: peerProgram(python, 'decode.py', module, folder) });
    } catch {
      say(`Measuring without ${name}: ${python} has no ${module}.`);
    }
  }
  return present;
}
