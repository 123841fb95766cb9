import type { StepWork } from './bound/step-work';
import { describeMachine, machineLine } from './machine';
import { benchNetworks, type NetworkName } from './networks';
import type { PartContext, PartResult } from './part';
import { ourProgram } from './programs';
import { runProgram } from './run-program';
import { figure, markdownTable } from './table';
import { takeTurns } from './turns';

/** The least time that a network's step can take on this machine, in milliseconds, and what ours takes. */
export interface BoundRow {
  readonly model: NetworkName;
  readonly arithmetic_ms: number;
  readonly minimal_arithmetic_ms: number;
  readonly memory_ms: number;
  readonly ours_ms: number;
}

interface Limits {
  readonly works: readonly StepWork[];
  readonly arithmetic: number;
  readonly memory: number;
}

/** How far our float32 step is from what arithmetic and memory allow. */
export async function benchBound(context: PartContext): Promise<PartResult<readonly BoundRow[]>> {
  const { models, batch } = context.flags;
  const { output } = await runProgram('limits', ourProgram('limits.ts', String(batch), ...models));
  const { works, arithmetic, memory } = JSON.parse(output) as Limits;
  const rows: BoundRow[] = [];
  for (const [i, model] of models.entries()) {
    const { operations, minimalOperations, bytes } = works[i]!;
    const program = ourProgram('step.ts', model, 'float32', String(batch), 'compiled');
    const [ours] = await takeTurns(model, [{ name: 'ours', program }], context);
    rows.push({
      model,
      arithmetic_ms: (1000 * operations) / arithmetic,
      minimal_arithmetic_ms: (1000 * minimalOperations) / arithmetic,
      memory_ms: (1000 * bytes) / memory,
      ours_ms: ours!.times.median,
    });
  }
  const text = [
    '## The bound of a step',
    `${machineLine(describeMachine())}: ${figure(arithmetic / 1e9)} GFLOP/s in a large product, ${figure(memory / 1e9)} GB/s in a momentum update. Batch ${batch}, float32.`,
    table(rows),
  ].join('\n\n');
  return { text, json: rows };
}

function table(rows: readonly BoundRow[]): string {
  return markdownTable(
    [
      { title: 'network' },
      { title: 'arithmetic, ms', figures: true },
      { title: '3x3 by Winograd, ms', figures: true },
      { title: 'memory, ms', figures: true },
      { title: 'ours, ms', figures: true },
      { title: 'ours to the bound', figures: true },
    ],
    rows.map(({ model, arithmetic_ms, minimal_arithmetic_ms, memory_ms, ours_ms }) => [
      benchNetworks[model].title,
      figure(arithmetic_ms),
      figure(minimal_arithmetic_ms),
      figure(memory_ms),
      figure(ours_ms),
      (ours_ms / Math.max(minimal_arithmetic_ms, memory_ms)).toFixed(2),
    ]),
  );
}
