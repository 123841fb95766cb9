import {
  checkArtifactPath,
  checkDatasetInput,
  checkExperimentName,
  checkKey,
  checkMetric,
  checkParam,
  checkTag,
  checkTogether,
  truncate,
} from './validation';

describe('checkKey', () => {
  it.each([
    'loss',
    'val/loss',
    'system/cpu_utilization_percentage',
    'a b-c.d:e_1',
    'métrique',
    '损失',
    'a'.repeat(250),
  ])('takes "%s"', (key) => {
    expect(() => checkKey('metric', key)).not.toThrow();
  });

  it.each([
    '',
    'val/acc@1',
    'a\nb',
    '/a',
    'a/',
    'a//b',
    './a',
    'a/../b',
    '..',
    '.',
    'a'.repeat(251),
    'a,b',
    '😀',
  ])('refuses "%s" by name', (key) => {
    expect(() => checkKey('metric', key)).toThrow(JSON.stringify(key).slice(0, 70));
  });
});

describe('checkMetric', () => {
  it('writes what is not finite as the texts that the server takes', () => {
    const value = (number: number) => checkMetric('loss', number, 0, 1).value;
    expect([1.5, NaN, Infinity, -Infinity].map(value)).toEqual([1.5, 'NaN', 'Infinity', '-Infinity']);
  });

  it('refuses what the server would drop without a word', () => {
    expect(() => checkMetric('loss', 1, 1.5, 1)).toThrow('The metric "loss" has the step 1.5');
    expect(() => checkMetric('loss', 1, NaN, 1)).toThrow('step NaN');
    expect(() => checkMetric('loss', 1, 2 ** 53, 1)).toThrow('step 9007199254740992');
    expect(() => checkMetric('loss', 1, 0, 0.5)).toThrow('timestamp 0.5');
    expect(() => checkMetric('loss', 1, 0, -1)).toThrow('timestamp -1');
    expect(() => checkMetric('loss', '1' as unknown as number, 0, 1)).toThrow('"loss" has the value "1"');
    expect(() => checkMetric('loss', undefined as unknown as number, 0, 1)).toThrow('value undefined');
    expect(() => checkMetric('loss', null as unknown as number, 0, 1)).toThrow('value null');
  });

  it('takes negative steps', () => {
    expect(checkMetric('loss', 1, -3, 1).step).toBe(-3);
  });
});

describe('checkParam and checkTag', () => {
  it('make a text of every value', () => {
    const value = (given: unknown) => checkParam('p', given).value;
    expect([5, true, null, 'x', [1, 2], { a: 1 }, 10n].map(value)).toEqual([
      '5',
      'true',
      'null',
      'x',
      '[1,2]',
      '{"a":1}',
      '10',
    ]);
  });

  it('mends half characters, at which the server would stop reading', () => {
    expect(checkTag('t', 'a\ud800b').value).toBe('a\ufffdb');
    expect(checkTag('t', '😀').value).toBe('😀');
  });

  it('name the key whose value is too long or none', () => {
    expect(checkParam('p', '😀'.repeat(6000)).value).toHaveLength(12_000);
    expect(() => checkParam('p', 'x'.repeat(6001))).toThrow(
      'The param "p" has a value of 6001 characters: at most 6000',
    );
    expect(() => checkTag('t', 'x'.repeat(8001))).toThrow('The tag "t" has a value of 8001 characters');
    expect(() => checkParam('p', undefined)).toThrow('The param "p" has the value undefined');
  });
});

describe('checkTogether', () => {
  it('says that nothing was logged where one of several is refused', () => {
    expect(checkTogether({ a: 1, b: 'x' }, checkParam)).toEqual([
      { key: 'a', value: '1' },
      { key: 'b', value: 'x' },
    ]);
    expect(() => checkTogether({ 'val/acc': 1, 'timing(s)/gen': 2 }, checkTag)).toThrow(
      /^The tag "timing\(s\)\/gen" .* Nothing of the call was logged\.$/,
    );
    expect(() => checkTogether({ 'timing(s)/gen': 2 }, checkTag)).not.toThrow('Nothing of the call');
  });
});

describe('checkExperimentName', () => {
  it('refuses empty and long names', () => {
    expect(() => checkExperimentName(' ')).toThrow('must not be empty');
    expect(() => checkExperimentName('x'.repeat(257))).toThrow('257 characters');
  });
});

describe('checkArtifactPath', () => {
  it.each(['model/MLmodel', 'a b+c/ü.txt', 'x.json'])('takes %s', (path) => {
    expect(checkArtifactPath(path)).toBe(path);
  });

  it.each([
    '',
    '/etc/passwd',
    '../x',
    'a/../../x',
    'a//b',
    'a/',
    'a%20b',
    'a#b',
    'a?b',
    'a\\b',
    'a\nb',
    'a\ud800',
  ])('refuses "%s"', (path) => {
    expect(() => checkArtifactPath(path)).toThrow(JSON.stringify(path));
  });
});

describe('checkDatasetInput', () => {
  const dataset = { name: 'mnist', digest: 'abc', source_type: 'local', source: '{}' };

  it('names the field that the server would refuse', () => {
    expect(() => checkDatasetInput({ dataset })).not.toThrow();
    expect(() => checkDatasetInput({ dataset: { ...dataset, digest: 'x'.repeat(64) } })).toThrow(
      'The dataset "mnist" has a digest of 64 characters: at most 36',
    );
    expect(() => checkDatasetInput({ dataset: { ...dataset, name: '' } })).toThrow('name ""');
    expect(() => checkDatasetInput({ dataset, tags: [{ key: 'k', value: 'x'.repeat(501) }] })).toThrow(
      'tag "k" of 501',
    );
  });
});

describe('truncate', () => {
  it('keeps to the limit in characters', () => {
    expect(truncate('abc', 3)).toBe('abc');
    expect(truncate('abcdef', 5)).toBe('ab...');
    expect(Array.from(truncate('😀'.repeat(10), 5))).toHaveLength(5);
  });
});
