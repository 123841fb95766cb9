import { needsServer } from './wanted.cjs';

describe('needsServer', () => {
  it.each<[string, string, boolean]>([
    ['a plain run', '--epochs 1 --json', true],
    ['no flags', '', true],
    ['a dry run', '--dry_run --json', false],
    ['a dry run that is none after all', '--dry_run --dry_run False', true],
    ['the same with =', '--dry_run=false', true],
    ['a switch before a value of another flag', '--offline --epochs 1', false],
    ['a switch with its value', '--offline True', false],
    ['with a dash', '--dry-run', false],
    ['another server', '--tracking_uri http://127.0.0.1:1', false],
    ['another server with =', '--tracking_uri=http://127.0.0.1:1', false],
    ['help', '--help', false],
    ['help in short', '-h', false],
    ['a worker', 'worker --redis redis://127.0.0.1:1', false],
    ['a value that looks like a word', '--run_name worker', true],
    ['a value that looks like a switch', '--run_name offline', true],
  ])('%s: %s', (_, flags, needed) => {
    expect(needsServer(flags.split(' ').filter(Boolean), {})).toBe(needed);
  });

  it('is false where MLFLOW_TRACKING_URI names one', () => {
    expect(needsServer([], { MLFLOW_TRACKING_URI: 'http://host' })).toBe(false);
    expect(needsServer([], { MLFLOW_TRACKING_URI: '' })).toBe(true);
  });
});
