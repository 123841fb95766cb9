import type { Program } from './contender';
import { describeMachine, hasBfloat16, machineLine } from './machine';
import { precisionNames } from './flags';
import { benchNetworks, type NetworkName } from './networks';
import type { PartContext, PartResult } from './part';
import { ourProgram, peerProgram } from './programs';
import { type Maker, type Measured, stepReport, type StepsJson, stepTable } from './steps-report';
import { type Entrant, takeTurns } from './turns';

/** Who steps, and how. */
export interface Entry extends Entrant {
  readonly maker: Maker;
  readonly mode: 'compiled' | 'eager';
  readonly precision: 'float32' | 'bfloat16';
}

/** Measures the training step of each network: ours and the peers' take turns, each in a process of its own. */
export async function benchSteps(context: PartContext): Promise<PartResult<StepsJson>> {
  const { flags, say } = context;
  const machine = describeMachine();
  const precisions: readonly string[] =
    flags.precisions ?? (hasBfloat16(machine) ? precisionNames : ['float32']);
  if (!precisions.includes('bfloat16'))
    say('Leaving out bfloat16, which needs AVX-512 (--precisions measures it all the same).');
  const python = await context.python('training');
  const measured: Measured[] = [];
  for (const model of flags.models) {
    const all = entries(model, context, python).filter(({ precision }) => precisions.includes(precision));
    // Our eager step needs several GB on the larger networks: it runs when the others have given theirs back.
    for (const group of [all.filter((e) => !isEager(e)), all.filter(isEager)]) {
      for (const { entrant, ...timed } of await takeTurns(model, group, context)) {
        measured.push({ model, ...entrant, ...timed });
      }
    }
  }
  const json = stepReport(measured);
  const versions = [...new Set(measured.map(({ version }) => version))].join(', ');
  const text = [
    '## Training steps',
    `${machineLine(machine)}. ${versions}. Batch ${flags.batch}, ${flags.rounds} rounds of about ${flags.seconds} s for each contender.`,
    stepTable(measured),
  ].join('\n\n');
  return { text, json };
}

function isEager({ maker, mode }: Entry): boolean {
  return maker === 'ours' && mode === 'eager';
}

function entries(model: NetworkName, { flags }: PartContext, python: string | null): Entry[] {
  const batch = String(flags.batch);
  const entry = (
    maker: Entry['maker'],
    mode: Entry['mode'],
    precision: Entry['precision'],
    program: Program,
  ): Entry => ({ name: `${maker} ${mode} ${precision}`, maker, mode, precision, program });
  const own = (mode: Entry['mode'], precision: Entry['precision']): Entry =>
    entry('ours', mode, precision, ourProgram('step.ts', model, precision, batch, mode));
  const ours = [own('compiled', 'float32'), own('compiled', 'bfloat16'), own('eager', 'float32')];
  if (python === null) return ours;
  const shape = benchNetworks[model].inputShape.map(String);
  const peer = (script: string, precision: Entry['precision']): Program =>
    peerProgram(python, script, model, precision, batch, ...shape);
  const peers = (['float32', 'bfloat16'] as const).flatMap((precision): Entry[] => [
    entry('keras', 'compiled', precision, peer('keras_step.py', precision)),
    entry('torch', 'eager', precision, peer('torch_step.py', precision)),
    ...(model === 'simple_dense'
      ? [entry('jax', 'compiled', precision, peer('jax_step.py', precision))]
      : []),
  ]);
  return [...ours, ...peers];
}
