import { hasAvx2Alone, hasBfloat16Kernels, hasBfloat16Products, instructionSets } from './processor';

it('reads what /proc/cpuinfo lists on x86 and on ARM', () => {
  expect([...instructionSets('processor\t: 0\nflags\t\t: fpu avx2 fma\n')]).toEqual(['fpu', 'avx2', 'fma']);
  expect(instructionSets('processor\t: 0\nFeatures\t: fp asimd bf16\n').has('bf16')).toBe(true);
});

it('takes bfloat16 to need AVX-512, ARM’s own instructions or a GPU', () => {
  expect(hasBfloat16Kernels(new Set(['avx2', 'fma']))).toBe(false);
  expect(hasBfloat16Kernels(new Set(['avx2', 'avx512f']))).toBe(true);
  expect(hasBfloat16Kernels(new Set(['asimd', 'bf16']))).toBe(true);
  expect(hasBfloat16Kernels(new Set(['avx2']), true)).toBe(true);
});

it('leaves products of bfloat16 to oneDNN where there is AMX', () => {
  expect(hasBfloat16Products(new Set(['avx512f', 'avx512_bf16']))).toBe(true);
  expect(hasBfloat16Products(new Set(['avx512f']))).toBe(false);
  expect(hasBfloat16Products(new Set(['avx512f', 'avx512_bf16', 'amx_bf16']))).toBe(false);
});

it('tells processors that have AVX2 alone, where these compute', () => {
  expect(hasAvx2Alone(new Set(['avx2', 'fma']))).toBe(true);
  expect(hasAvx2Alone(new Set(['avx2', 'avx512f']))).toBe(false);
  expect(hasAvx2Alone(new Set(['asimd']))).toBe(false);
  expect(hasAvx2Alone(new Set(['avx2', 'fma']), true)).toBe(false);
});
