import { hasBfloat16, instructionsOf, machineLine } from './machine';

describe('instructionsOf', () => {
  it('finds whole names among the flags of the first processor', () => {
    const text =
      'processor\t: 0\nflags\t\t: fpu avx avx2 fma avx512fp16\n\nprocessor\t: 1\nflags\t\t: amx_bf16\n';
    expect(instructionsOf(text)).toEqual(['avx2', 'fma']);
  });

  it('finds none where the system lists none', () => {
    expect(instructionsOf('')).toEqual([]);
  });
});

describe('machineLine', () => {
  const machine = { processor: 'Some CPU', cores: 2, memoryGb: 8, instructions: ['avx2'] };

  it('says that bfloat16 cannot gain where the processor lacks it', () => {
    expect(machineLine(machine)).toMatch(
      /^Some CPU, 2 cores, 8 GB, avx2; without AVX512_BF16 or AMX bfloat16 cannot gain/,
    );
    expect(machineLine({ ...machine, instructions: ['avx2', 'amx_bf16'] })).not.toMatch(/cannot gain/);
  });
});

describe('hasBfloat16', () => {
  it('asks for AVX-512', () => {
    const machine = { processor: 'Some CPU', cores: 2, memoryGb: 8 };
    expect(hasBfloat16({ ...machine, instructions: ['avx2', 'fma'] })).toBe(false);
    expect(hasBfloat16({ ...machine, instructions: ['avx2', 'avx512f'] })).toBe(true);
  });
});
