import { runWithoutServer } from '../../../tools/test/app';

jest.setTimeout(120_000);

it.each<[string[], RegExp]>([
  [['--alphas', '2'], /^--alphas 2 is out of range/],
  [['--tracking_uri', 'ftp://host'], /^The tracking URI \"ftp:\/\/host\" is not an http/],
])('%j is refused before a server is started', (flags, words) => {
  const stderr = expect.stringMatching(words) as string;
  expect(runWithoutServer('study-ho', flags)).toEqual({ status: 2, stderr, askedForServer: false });
});

it.each<[string[]]>([[['--model_name=simple_dense', '--dataset_name=mnist']]])(
  '%j asks for a server',
  (flags) => {
    const stderr = expect.stringContaining('no MLflow server could be started') as string;
    expect(runWithoutServer('study-ho', flags)).toMatchObject({ status: 1, stderr, askedForServer: true });
  },
);

it.each<[string[]]>([[['--model_name=simple_dense', '--dataset_name=mnist', '--dry_run']]])(
  '%j needs none',
  (flags) => {
    expect(runWithoutServer('study-ho', flags)).toMatchObject({ status: 0, askedForServer: false });
  },
);
