import { join } from 'node:path';
import { parseCommandLine } from './command-line';
import { UsageError } from '../errors';
import { flagsOf } from './parameters';

const parse = (...words: string[]) => parseCommandLine('study', words, '$0 [flags]', 'The end.');

describe('parseCommandLine', () => {
  it.each([
    [['--test_run', 'False'], false],
    [['--test_run', 'false'], false],
    [['--test_run=False'], false],
    [['--test_run'], true],
    [['--test_run', '--seed', '3'], true],
    [['--test_run', 'True'], true],
    [['--test_run', 'TRUE'], true],
    [['--test_run', 'True', '--test_run', 'False'], false],
  ])('reads the switch %j as %s', async (words, value) => {
    expect((await parse(...words)).given.test_run).toBe(value);
  });

  it('takes the last of a flag given twice', async () => {
    expect((await parse('--seed', '1', '--seed', '2')).given).toEqual({ seed: 2 });
  });

  it('keeps only what was given', async () => {
    expect((await parse()).given).toEqual({});
  });

  it('reads every kind of flag', async () => {
    const { given, words } = await parse(
      'evaluate',
      '--model_name=DenseNet',
      '--steps',
      '10,20',
      '--initial_lr',
      '1e-2',
      '--lr_sched_multiplier',
      '0.5',
      '--run_name',
      '007',
      '--loss_name',
      'categorical_crossentropy',
    );
    expect(words).toEqual(['evaluate']);
    expect(given).toEqual({
      model_name: 'densenet',
      steps: [10, 20],
      initial_lr: 0.01,
      lr_sched_multipler: 0.5,
      run_name: '007',
      loss_name: 'cross_entropy',
    });
  });

  it.each([
    [['--sed', '3'], 'unknown flag --sed: did you mean --seed?'],
    [['-s', '3'], 'unknown flag -s: --help lists them'],
    [['--zzzzzz'], 'unknown flag --zzzzzz: --help lists them'],
    [['--constructor', '1'], 'unknown flag --constructor: --help lists them'],
    [['--seed'], '--seed takes a whole number from 0 to 4294967295, not nothing'],
    [['--seed', '1.5'], '--seed takes a whole number from 0 to 4294967295, not "1.5"'],
    [['--seed', '0x'], '--seed takes a whole number from 0 to 4294967295, not "0x"'],
    [['--alpha', '-0.1'], '--alpha takes a number of at least 0, not "-0.1"'],
    [['--alpha', 'NaN'], '--alpha takes a number of at least 0, not "NaN"'],
    [['--beta_start', '2'], '--beta_start takes a number from 0 to 1, not "2"'],
    [['--initial_lr', '0'], '--initial_lr takes a number above 0, not "0"'],
    [
      ['--steps', '1,x'],
      '--steps takes numbers separated by commas, each a whole number of at least 0, not "1,x"',
    ],
    [['--test_run', 'maybe'], '--test_run takes True or False, not "maybe"'],
    [['--loss_name', 'hinge'], /^--loss_name takes one of cross_entropy, .*, not "hinge"$/u],
    [['--dataset_name', 'imagenet'], /imagenet is not provided/u],
    [['--optimize_ece'], 'study has no --optimize_ece: it is a flag of study-ho'],
    [['--tracking_uri', 'foo'], 'The tracking URI "foo" is not an address: use one such as'],
    [['--tracking_uri='], '--tracking_uri takes an http(s) address, not nothing'],
  ])('refuses %j', async (words, message) => {
    const refused = await parse(...words).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UsageError);
    expect((refused as Error).message).toMatch(message);
  });

  it('shows every flag once in its help, with its default', async () => {
    const { help } = await parse('--help');
    for (const [name] of flagsOf('study')) expect(help?.split(`\n  --${name} `)).toHaveLength(2);
    expect(help).toMatch(/--initial_lr .*\[default: 0\.001\]/u);
    expect(help).not.toContain('[string]');
  });

  it.each([
    [['--seeds', '0-3'], { seeds: [0, 1, 2, 3] }],
    [['--seeds', '0,2,5-7,2'], { seeds: [0, 2, 5, 6, 7] }],
    [['--seeds=7-7'], { seeds: [7] }],
    [['--alphas', '0.05,1e-1'], { alphas: [0.05, 0.1] }],
  ])('reads the list %j', async (words, given) => {
    expect((await parseCommandLine('study-ho', words, '$0', '')).given).toEqual(given);
  });

  it.each([['3-1'], ['1,,2'], ['a'], ['0-100000'], ['1.5'], ['-1']])('refuses --seeds %s', async (text) => {
    const refused = await parseCommandLine('study-ho', [`--seeds=${text}`], '$0', '').catch((error) => error);
    expect(refused).toBeInstanceOf(UsageError);
    expect(refused.message).toBe(
      `--seeds takes numbers and spans such as 0-9 separated by commas, each a whole number from 0 to 4294967295, not "${text}"`,
    );
  });

  it('takes no span where numbers need not be whole', async () => {
    await expect(parseCommandLine('study-ho', ['--alphas', '1-2'], '$0', '')).rejects.toThrow(/not "1-2"$/u);
  });

  it.each([
    ['test_run', 'it scores trials on validation data, and the final run on the test part'],
    ['offline', 'it finds the runs of a search on the server'],
    ['alpha', 'it tries those of --alphas'],
  ])('says why study-ho has no --%s', async (name, reason) => {
    const parsing = parseCommandLine('study-ho', [`--${name}`], '$0', '');
    await expect(parsing).rejects.toThrow(new UsageError(`study-ho has no --${name}: ${reason}`));
  });

  it('has a reason for each flag that study-ho lacks', () => {
    const lacking = flagsOf('study').filter(([, { commands }]) => !commands.includes('study-ho'));
    expect(lacking.filter(([, { elsewhere }]) => elsewhere === undefined)).toEqual([]);
  });
});

describe('paths', () => {
  afterEach(() => delete process.env['LABEL_RELAXATION_FOLDER']);

  it('are relative to where the user is', async () => {
    const paths = ['--dataset_name=./photos', '--loss_name', '../my-loss.ts', '--labels', 'votes.csv'];
    const read = async () =>
      (await parseCommandLine('study', [...paths, '--model_name', 'vgg'], '', '')).given;
    const asGiven = {
      dataset_name: './photos',
      loss_name: '../my-loss.ts',
      labels: 'votes.csv',
      model_name: 'vgg',
    };
    expect(await read()).toEqual(asGiven);
    process.env['LABEL_RELAXATION_FOLDER'] = process.cwd();
    expect(await read()).toEqual(asGiven);
    process.env['LABEL_RELAXATION_FOLDER'] = join(process.cwd(), 'below', 'here');
    expect(await read()).toEqual({
      dataset_name: './below/here/photos',
      loss_name: './below/my-loss.ts',
      labels: './below/here/votes.csv',
      model_name: 'vgg',
    });
  });
});
