import fc from 'fast-check';

/** Values that flags are prone to take wrongly. */
const strange = [
  ...[
    '',
    ' ',
    '0',
    '-1',
    '1e309',
    '-0',
    'NaN',
    'Infinity',
    '0x10',
    '1,2,3',
    '9'.repeat(400),
    '0-9',
    '9-0',
    '0-99999999',
  ],
  ...[
    'True',
    'false',
    'yes',
    'null',
    'undefined',
    '__proto__',
    'constructor',
    'toString',
    'none',
    'all',
    'lr,ce',
  ],
  ...[
    './',
    '.',
    '..',
    '/',
    '../../x',
    './x.ts',
    './x\0y',
    'http://',
    'http://a@b@c',
    'redis://:x@',
    'file:///etc',
    '[',
    '%',
  ],
  ...['a\nb', '"', "'", '$(x)', '`x`', '\\', 'é', '\ud800', '🙂', '--', '-', '=', 'x'.repeat(10_000)],
];

/** Words that no flag is. */
const strangers = [
  '--__proto__',
  '--constructor=1',
  '--a.b',
  '--no-json',
  '-x',
  '--',
  '-',
  '--help=False',
  'word',
  '--=',
  '---',
  '-1',
];

/**
 * Command lines made of some flags with right and strange values, doubled, without a value, and among words that are none.
 *
 * @param flags names with a value that each may have
 */
export function commandLines(flags: Readonly<Record<string, string>>): fc.Arbitrary<readonly string[]> {
  const names = Object.keys(flags);
  const name = fc.constantFrom(...names);
  const value = fc.oneof(fc.constantFrom(...strange), fc.string({ unit: 'binary', maxLength: 12 }));
  const words = fc.oneof(
    { weight: 3, arbitrary: name.map((flag) => [`--${flag}`, flags[flag]!]) },
    { weight: 3, arbitrary: fc.tuple(name, value).map(([flag, text]) => [`--${flag}`, text]) },
    { weight: 2, arbitrary: fc.tuple(name, value).map(([flag, text]) => [`--${flag}=${text}`]) },
    { weight: 1, arbitrary: name.map((flag) => [`--${flag}`]) },
    { weight: 1, arbitrary: fc.oneof(fc.constantFrom(...strangers), value).map((word) => [word]) },
  );
  return fc.array(words, { maxLength: 4 }).map((parts) => parts.flat());
}
