import { damage, damaged } from '../../../tools/test/damage';
import { damagedJson, jsonDamage } from '../../../tools/test/damaged-json';
import { fuzz } from '../../../tools/test/fuzz';
import { tries } from '../../../tools/test/long';
import { commandLines } from '../../../tools/test/strange-words';
import { exampleDiagram } from '../test/study-runs';
import { parseDiagram, poolDiagrams } from './diagrams';
import { parseOptions } from './options';
import { parseSimplexOptions } from './simplex/simplex-options';

jest.setTimeout(3_600_000);

const flags = {
  ...{
    experiment_name: 'x',
    tracking_uri: 'http://a',
    seeds: '0-9',
    losses: 'lr',
    models: 'vgg',
    datasets: 'mnist',
  },
  ...{
    scored: 'test',
    columns: 'accuracy',
    format: 'csv',
    output: 'x',
    intervals: 'True',
    no_log: 'True',
    json: 'True',
  },
};

it.each([
  ['report', flags, (words: readonly string[]) => parseOptions(words, {})],
  ['report simplex', { alpha: '0.1', beta: '0.5', output: 'x' }, parseSimplexOptions],
] as const)('%s takes any words as its options, or refuses them by a UsageError', async (_, known, read) => {
  const { taken, refused } = await fuzz<readonly string[], unknown>({
    inputs: commandLines(known),
    runs: tries(80, 8_000),
    refusals: ['UsageError'],
    read,
  });
  expect([taken > 0, refused > 0]).toEqual([true, true]);
});

it('a damaged diagram is one that can be pooled and drawn, or refused in one line', async () => {
  const whole = exampleDiagram(0.1);
  const common = {
    refusals: ['ReportError'],
    runs: tries(100, 5_000),
    check: (pooled: ReturnType<typeof poolDiagrams>) => {
      for (const { gap, count } of pooled?.bins ?? []) expect(typeof (count === 0 ? 0 : gap)).toBe('number');
    },
  };
  const read = (text: string) => poolDiagrams([parseDiagram(text, 'run')]);
  await fuzz({
    ...common,
    inputs: jsonDamage,
    read: (changes) => read(JSON.stringify(damagedJson(whole, changes)) ?? ''),
  });
  await fuzz({
    ...common,
    inputs: damage,
    read: (edits) => read(damaged(Buffer.from(JSON.stringify(whole)), edits).toString()),
  });
});
