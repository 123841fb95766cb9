import { runWithoutServer } from '../../../tools/test/app';

jest.setTimeout(120_000);

it.each<[string[], RegExp]>([
  [['--scored', 'train'], /^--scored train is not possible/],
  [['--tracking_uri', 'foo'], /^The tracking URI \"foo\" is not an address/],
])('%j is refused before a server is started', (flags, words) => {
  const stderr = expect.stringMatching(words) as string;
  expect(runWithoutServer('report', flags)).toEqual({ status: 2, stderr, askedForServer: false });
});

it.each<[string[]]>([[[]]])('%j asks for a server', (flags) => {
  const stderr = expect.stringContaining('no MLflow server could be started') as string;
  expect(runWithoutServer('report', flags)).toMatchObject({ status: 1, stderr, askedForServer: true });
});

it.each<[string[]]>([[['--help']]])('%j needs none', (flags) => {
  expect(runWithoutServer('report', flags)).toMatchObject({ status: 0, askedForServer: false });
});
