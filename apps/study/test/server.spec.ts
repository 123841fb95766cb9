import { runWithoutServer } from '../../../tools/test/app';

jest.setTimeout(120_000);

it.each<[string[], RegExp]>([
  [['--sed', '3'], /^unknown flag --sed: did you mean --seed\?\n$/],
  [['--tracking_uri', 'foo'], /^The tracking URI \"foo\" is not an address/],
  [['evaluate'], /^evaluate takes the id of one run/],
])('%j is refused before a server is started', (flags, words) => {
  const stderr = expect.stringMatching(words) as string;
  expect(runWithoutServer('study', flags)).toEqual({ status: 2, stderr, askedForServer: false });
});

it.each<[string[]]>([
  [['--model_name=simple_dense', '--dataset_name=mnist', '--alpha=0.1']],
  [['evaluate', 'a-run']],
  [['sync']],
])('%j asks for a server', (flags) => {
  const stderr = expect.stringContaining('no MLflow server could be started') as string;
  expect(runWithoutServer('study', flags)).toMatchObject({ status: 1, stderr, askedForServer: true });
});

it.each<[string[]]>([
  [['--help']],
  [['--model_name=simple_dense', '--dataset_name=mnist', '--alpha=0.1', '--dry_run']],
])('%j needs none', (flags) => {
  expect(runWithoutServer('study', flags)).toMatchObject({ status: 0, askedForServer: false });
});
