import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

const instructionSets = ['avx2', 'fma', 'avx512f', 'avx512_bf16', 'amx_bf16'] as const;

/** The machine that the figures belong to. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  /** Instruction sets that matter for the speed; empty where the system doesn't list them. */
  readonly instructions: readonly string[];
}

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? 'unknown processor',
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    instructions: instructionsOf(readCpuInfo()),
  };
}

/** The instruction sets that Linux's /proc/cpuinfo lists, of those that matter here. */
export function instructionsOf(cpuInfo: string): string[] {
  const flags = new Set(/^flags\s*:(.*)$/mu.exec(cpuInfo)?.[1]?.trim().split(/\s+/u));
  return instructionSets.filter((name) => flags.has(name));
}

/** Whether TensorFlow's kernels compute in bfloat16 here; without AVX-512 our step only rounds to it. */
export function hasBfloat16({ instructions }: Machine): boolean {
  return instructions.includes('avx512f');
}

/** One line about the machine, with what bfloat16 can be expected to do on it. */
export function machineLine(machine: Machine): string {
  const { processor, cores, memoryGb, instructions } = machine;
  const sets = instructions.length > 0 ? `, ${instructions.join(' ')}` : '';
  const gains = instructions.some((name) => name.endsWith('bf16'));
  const bfloat16 = gains ? '' : '; without AVX512_BF16 or AMX bfloat16 cannot gain';
  return `${processor}, ${cores} cores, ${memoryGb} GB${sets}${bfloat16}`;
}

function readCpuInfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return '';
  }
}
