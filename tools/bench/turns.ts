import { Contender, type Program } from './contender';
import type { PartContext } from './part';
import { type Spread, spread } from './statistics';

/** Who takes part in a comparison. */
export interface Entrant {
  readonly name: string;
  readonly program: Program;
}

/** What was measured of an entrant. */
export interface Timed<E extends Entrant> {
  readonly entrant: E;
  /** What it says it runs on. */
  readonly version: string;
  /** What its first step gave, where that is a number. */
  readonly value: number | null;
  /** Milliseconds of a step. */
  readonly times: Spread;
  readonly firstStepSeconds: number;
  /** The most memory that it held, and what it held before its first step, in MB; null where the system doesn't tell. */
  readonly peakMemory: number | null;
  readonly memoryBefore: number | null;
}

interface Running<E extends Entrant> {
  readonly entrant: E;
  readonly contender: Contender;
  readonly times: number[];
}

/** Lets entrants take turns, each in a process of its own; none works while another does. */
export async function takeTurns<E extends Entrant>(
  what: string,
  entrants: readonly E[],
  { flags, say }: Pick<PartContext, 'flags' | 'say'>,
): Promise<Timed<E>[]> {
  const running: Running<E>[] = [];
  try {
    for (const entrant of entrants) {
      const contender = await Contender.start(`${what}, ${entrant.name}`, entrant.program);
      running.push({ entrant, contender, times: [] });
      say(`${what}, ${entrant.name}: first step after ${contender.firstStepSeconds.toFixed(1)} s`);
    }
    for (let round = 0; round < flags.rounds; round += 1) {
      const order = [...running.slice(round % running.length), ...running.slice(0, round % running.length)];
      for (const one of order) await takeTurn(one, round, flags.seconds * 1000);
      say(`${what}: round ${round + 1} of ${flags.rounds}`);
    }
    return running.map(({ entrant, contender, times }) => ({
      entrant,
      version: contender.version,
      value: contender.value,
      times: spread(times),
      firstStepSeconds: contender.firstStepSeconds,
      peakMemory: contender.peakMemory,
      memoryBefore: contender.memoryBefore,
    }));
  } finally {
    for (const { contender } of running) await contender.stop();
  }
}

/**
 * One turn: a step that isn't counted, since others have used the caches, and then steps for the turn's time. A
 * contender whose single step takes longer than a whole turn skips the first, and every second round.
 */
async function takeTurn(
  { contender, times }: Running<Entrant>,
  round: number,
  milliseconds: number,
): Promise<void> {
  const last = times.at(-1) ?? (await contender.run(1))[0]!;
  if (last > milliseconds) {
    if (round % 2 === 0) times.push(...(await contender.run(1)));
    return;
  }
  const [warm] = await contender.run(1);
  times.push(...(await contender.run(turnSteps(milliseconds, warm!))));
}

/** How many steps fit in a turn: at least one, at most 200. */
function turnSteps(milliseconds: number, stepMilliseconds: number): number {
  return Math.min(200, Math.max(1, Math.floor(milliseconds / stepMilliseconds)));
}
