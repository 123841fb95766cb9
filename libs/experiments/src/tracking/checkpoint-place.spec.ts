import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCheckpoint, runKey } from './checkpoint-place';
import { resolveParameters } from '../parameters/hyperparameters';
import type { GivenParameters } from '../parameters/parameters';

const parametersOf = (given: GivenParameters) =>
  resolveParameters({ model_name: 'simple_dense', dataset_name: 'mnist', alpha: 0.1, ...given }).parameters;

describe('runKey', () => {
  const key = runKey(parametersOf({}));

  it.each([
    { seed: 1 },
    { alpha: 0.2 },
    { epochs: 3 },
    { batch_size: 32 },
    { eager: true },
    { test_run: true },
  ])('tells apart runs that compute something else: %j', (given) =>
    expect(runKey(parametersOf(given))).not.toBe(key),
  );

  it.each([
    { json: true },
    { run_name: 'x' },
    { tracking_uri: 'http://a' },
    { autolog_freq: 5 },
    { threads: 1 },
  ])('is the same for runs that are only told differently: %j', (given) =>
    expect(runKey(parametersOf(given))).toBe(key),
  );
});

describe('findCheckpoint', () => {
  let checkpointDir: string;
  beforeEach(() => (checkpointDir = mkdtempSync(join(tmpdir(), 'checkpoint-'))));
  afterEach(() => rmSync(checkpointDir, { recursive: true, force: true }));
  const find = (resume: boolean) => findCheckpoint(parametersOf({ resume }), { checkpointDir });

  it('goes on with the tracked run of an interrupted one, when asked to', () => {
    const place = find(false);
    place.claim('run1');
    writeFileSync(place.file, 'state');
    expect(find(true)).toMatchObject({ resume: true, runId: 'run1' });
    expect(find(false)).toMatchObject({ resume: false, runId: null });
  });

  it('goes on with the tracked run alone before the first checkpoint', () => {
    find(true).claim('run1');
    expect(find(true)).toMatchObject({ resume: false, runId: 'run1' });
    expect(find(false)).toMatchObject({ resume: false, runId: null });
  });

  it('clears what an interrupted run left when a new one starts', () => {
    const place = find(false);
    place.claim('run1');
    writeFileSync(place.file, 'state');
    find(false).claim('run2');
    expect(existsSync(place.file)).toBe(false);
  });

  it('leaves nothing behind', () => {
    const place = find(false);
    place.claim('run1');
    place.remove();
    expect(existsSync(checkpointDir)).toBe(false);
  });
});
