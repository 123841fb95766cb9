import { UsageError } from '@label-relaxation/experiments';
import { parseOptions } from './options';
import { parseSeeds, writeSeeds } from './seeds';

const parse = (...words: string[]) => parseOptions(words, {});

describe('parseOptions', () => {
  it('has the defaults of the documentation', async () => {
    expect(await parse()).toEqual({
      experiment: 'LabelRelaxationStudy',
      trackingUri: null,
      seeds: null,
      losses: [],
      models: [],
      datasets: [],
      scored: 'test',
      formats: ['markdown', 'latex', 'csv', 'html'],
      columns: ['accuracy', 'ece', 'nll', 'brier'],
      intervals: false,
      output: 'tmp/report',
      log: true,
      json: false,
    });
  });

  it('reads every flag', async () => {
    const words =
      '--experiment_name E --tracking_uri https://h/m --seeds 0-2 --losses lr,focal_loss --models VGG';
    const more =
      '--datasets mnist,cifar10 --scored validation --format html,csv --output o --no_log --json --columns refinement,set_size --intervals';
    expect(await parse(...words.split(' '), ...more.split(' '))).toEqual({
      experiment: 'E',
      trackingUri: 'https://h/m',
      seeds: [0, 1, 2],
      losses: ['label_relaxation', 'focal'],
      models: ['vgg'],
      datasets: ['mnist', 'cifar10'],
      scored: 'validation',
      formats: ['html', 'csv'],
      columns: ['refinement', 'set_size'],
      intervals: true,
      output: 'o',
      log: false,
      json: true,
    });
  });

  it('reads switches with a value, and --no-log', async () => {
    expect(await parse('--json', 'False', '--no_log', 'true')).toMatchObject({ json: false, log: false });
    expect(await parse('--no-log')).toMatchObject({ log: false });
  });

  it('lets the last of a flag given twice count', async () => {
    expect(await parse('--output', 'a', '--output=b')).toMatchObject({ output: 'b' });
  });

  it('takes the experiment from the environment', async () => {
    expect(await parseOptions([], { MLFLOW_EXPERIMENT_NAME: 'E' })).toMatchObject({
      experiment: 'E',
    });
  });

  it('shows a text for --help', async () => {
    const help = await parseOptions(['--help'], {});
    expect(help).toContain('--experiment_name');
    expect(help).toContain('--no_log');
  });

  it.each<[string[], RegExp]>([
    [['--foo'], /Unknown argument: foo; --help lists the flags/],
    [['foo'], /Unknown argument: foo/],
    [['--seeds'], /Not enough arguments following: seeds/],
    [['--seeds', '3-1'], /--seeds 3-1 is no list of seeds/],
    [['--losses', 'hinge'], /--losses hinge is no loss: take some of ce, conf_pen, focal, lr, rda/],
    [['--format', 'pdf'], /--format pdf is not possible: take markdown, latex, csv, html, all/],
    [['--scored', 'train'], /--scored train is not possible/],
    [['--json', 'maybe'], /--json maybe is not possible/],
    [['--tracking_uri', 'nonsense'], /The tracking URI "nonsense" is not an address/],
  ])('%j is refused', async (words, message) => {
    await expect(parse(...words)).rejects.toThrow(UsageError);
    await expect(parse(...words)).rejects.toThrow(message);
  });
});

describe('seeds', () => {
  it.each<[string, number[]]>([
    ['0-3', [0, 1, 2, 3]],
    ['42, 0-1 ,1', [0, 1, 42]],
    ['4294967295', [4294967295]],
  ])('%j', (text, seeds) => {
    expect(parseSeeds(text)).toEqual(seeds);
  });

  it.each(['', 'a', '1-', '-1', '1.5', '0-99999', '4294967296', '1,,2'])('%j is refused', (text) => {
    expect(() => parseSeeds(text)).toThrow(UsageError);
  });

  it('are written as ranges from three on', () => {
    expect(writeSeeds([0, 1, 2, 5, 6, 42])).toBe('0-2, 5, 6, 42');
    expect(writeSeeds([])).toBe('');
  });
});
