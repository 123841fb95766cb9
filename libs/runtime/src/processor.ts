import { readFileSync } from 'node:fs';
import { isOnGpu } from './device';

/** Instruction sets of this machine's processor by the names of /proc/cpuinfo; none where the system has no such file. */
export function instructionSets(cpuInfo = readCpuInfo()): ReadonlySet<string> {
  const list = /^(?:flags|Features)\s*:(.*)$/mu.exec(cpuInfo)?.[1] ?? '';
  return new Set(list.trim().split(/\s+/u));
}

/** Whether TensorFlow has kernels here that compute in bfloat16; without them it takes many times as long. */
export function hasBfloat16Kernels(sets = instructionSets(), onGpu = isOnGpu()): boolean {
  return onGpu || sets.has('avx512f') || sets.has('bf16');
}

/** Whether our own ops have instructions for products of bfloat16, and oneDNN has none that multiply whole tiles (AMX). */
export function hasBfloat16Products(sets = instructionSets()): boolean {
  return sets.has('avx512_bf16') && !sets.has('amx_bf16');
}

/** Whether oneDNN computes, and has only its older kernels here, some slower than what can stand in for them. */
export function hasAvx2Alone(sets = instructionSets(), onGpu = isOnGpu()): boolean {
  return !onGpu && sets.has('avx2') && !sets.has('avx512f');
}

function readCpuInfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return '';
  }
}
