import { fuzz } from '../../../tools/test/fuzz';
import { tries } from '../../../tools/test/long';
import { commandLines } from '../../../tools/test/strange-words';
import { parseSearch } from '../src/study/studies';

jest.setTimeout(3_600_000);

const flags = {
  ...{ loss_name: 'lr,ce', model_name: 'simple_dense', dataset_name: 'mnist', seeds: '0-2', seed: '1' },
  ...{
    alphas: '0.1,0.2',
    epochs: '2',
    engine: 'bullmq',
    redis: 'redis://127.0.0.1',
    select: 'ece',
    resume: 'True',
  },
};

it('a search takes any words as studies, or refuses them by a UsageError', async () => {
  const { taken, refused } = await fuzz({
    inputs: commandLines(flags),
    runs: tries(60, 5_000),
    refusals: ['UsageError'],
    read: (words) => parseSearch(words, 'usage', 'epilogue'),
    check: ({ studies }) => {
      expect(new Set(studies.map(({ key }) => key)).size).toBe(studies.length);
      for (const { alphas } of studies) expect(alphas.length).toBeGreaterThan(0);
    },
  });
  expect([taken > 0, refused > 0]).toEqual([true, true]);
});

it('names that would make too many studies are refused, not counted up', async () => {
  const many = Array.from({ length: 2_000 }, (_, i) => `./loss-${i}.ts`).join(',');
  const words = ['--loss_name', many, '--model_name', many, '--dataset_name', many];
  await expect(parseSearch(words, '', '')).rejects.toThrow(
    /^--loss_name: that makes more than 1000 studies/u,
  );
});
