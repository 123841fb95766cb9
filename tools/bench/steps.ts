import { Contender, type Program } from './contender';
import { describeMachine, hasBfloat16, machineLine } from './machine';
import { precisionNames } from './flags';
import { benchNetworks, type NetworkName } from './networks';
import type { PartContext, PartResult } from './part';
import { ourProgram, peerProgram } from './programs';
import { spread } from './statistics';
import { type Measured, stepReport, type StepsJson, stepTable } from './steps-report';

/** Who steps, and how. */
export interface Entry {
  readonly maker: 'ours' | 'keras' | 'torch';
  readonly mode: 'compiled' | 'eager';
  readonly precision: 'float32' | 'bfloat16';
  readonly program: Program;
}

/** Measures the training step of each network: ours and the peers' take turns, each in a process of its own. */
export async function benchSteps(context: PartContext): Promise<PartResult<StepsJson>> {
  const { flags, say } = context;
  const machine = describeMachine();
  const precisions: readonly string[] =
    flags.precisions ?? (hasBfloat16(machine) ? precisionNames : ['float32']);
  if (!precisions.includes('bfloat16'))
    say('Leaving out bfloat16, which needs AVX-512 (--precisions measures it all the same).');
  const measured: Measured[] = [];
  for (const model of flags.models) {
    const all = entries(model, context).filter(({ precision }) => precisions.includes(precision));
    // Our eager step needs several GB on the larger networks: it runs when the others have given theirs back.
    for (const group of [all.filter((e) => !isEager(e)), all.filter(isEager)]) {
      measured.push(...(await compete(model, group, context)));
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

function entries(model: NetworkName, { flags, python }: PartContext): Entry[] {
  const batch = String(flags.batch);
  const own = (mode: Entry['mode'], precision: Entry['precision']): Entry => {
    return { maker: 'ours', mode, precision, program: ourProgram('step.ts', model, precision, batch, mode) };
  };
  const ours = [own('compiled', 'float32'), own('compiled', 'bfloat16'), own('eager', 'float32')];
  if (python === null) return ours;
  const shape = benchNetworks[model].inputShape.map(String);
  const peers = (['float32', 'bfloat16'] as const).flatMap((precision): Entry[] => [
    {
      maker: 'keras',
      mode: 'compiled',
      precision,
      program: peerProgram(python, 'keras_step.py', model, precision, batch, ...shape),
    },
    {
      maker: 'torch',
      mode: 'eager',
      precision,
      program: peerProgram(python, 'torch_step.py', model, precision, batch, ...shape),
    },
  ]);
  return [...ours, ...peers];
}

interface Running {
  readonly entry: Entry;
  readonly contender: Contender;
  readonly times: number[];
}

/** Lets contenders take turns; none works while another does. */
async function compete(
  model: NetworkName,
  group: readonly Entry[],
  { flags, say }: PartContext,
): Promise<Measured[]> {
  const running: Running[] = [];
  try {
    for (const entry of group) {
      const contender = await Contender.start(nameOf(model, entry), entry.program);
      running.push({ entry, contender, times: [] });
      say(`${nameOf(model, entry)}: first step after ${contender.firstStepSeconds.toFixed(1)} s`);
    }
    for (let round = 0; round < flags.rounds; round += 1) {
      const order = [...running.slice(round % running.length), ...running.slice(0, round % running.length)];
      for (const one of order) await takeTurn(one, round, flags.seconds * 1000);
      say(`${model}: round ${round + 1} of ${flags.rounds}`);
    }
    return running.map(({ entry, contender, times }) => ({
      model,
      maker: entry.maker,
      mode: entry.mode,
      precision: entry.precision,
      version: contender.version,
      times: spread(times),
      firstStepSeconds: contender.firstStepSeconds,
      peakMemory: contender.peakMemory,
    }));
  } finally {
    for (const { contender } of running) await contender.stop();
  }
}

/**
 * One turn: a step that isn't counted, since others have used the caches, and then steps for the turn's time. A
 * contender whose single step takes longer than a whole turn skips the first, and every second round.
 */
async function takeTurn({ contender, times }: Running, round: number, milliseconds: number): Promise<void> {
  const last = times.at(-1) ?? (await contender.run(1))[0]!;
  if (last > milliseconds) {
    if (round % 2 === 0) times.push(...(await contender.run(1)));
    return;
  }
  const [warm] = await contender.run(1);
  times.push(...(await contender.run(turnSteps(milliseconds, warm!))));
}

/** How many steps fit in a turn: at least one, at most 200. */
export function turnSteps(milliseconds: number, stepMilliseconds: number): number {
  return Math.min(200, Math.max(1, Math.floor(milliseconds / stepMilliseconds)));
}

function nameOf(model: string, { maker, mode, precision }: Entry): string {
  return `${model}, ${maker} ${mode} ${precision}`;
}
