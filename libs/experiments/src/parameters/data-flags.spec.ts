import { resolveParameters } from './hyperparameters';
import type { GivenParameters, ParameterName } from './parameters';
import { parseParameter } from './parameters';

describe('the flags of data', () => {
  it.each<[ParameterName, string, unknown]>([
    ['dataset_name', 'MNIST', 'mnist'],
    ['dataset_name', './Photos', './Photos'],
    ['dataset_name', '/data/x.npz', '/data/x.npz'],
    ['image_size', '64', '64x64'],
    ['image_size', ' 48X64 ', '48x64'],
    ['channels', '1', 1],
    ['split', 'own', 'own'],
    ['test_share', '0.3', 0.3],
    ['stratify', '', true],
    ['memory', '500MB', 5e8],
    ['memory', '1.5 GiB', 1.5e9],
    ['memory', '1000', 1000],
  ])('--%s %s', (name, text, value) => expect(parseParameter(name, text)).toBe(value));

  it.each<[ParameterName, string, RegExp]>([
    [
      'dataset_name',
      'photos',
      /^--dataset_name takes one of mnist, .*, or a path, which begins with \.\/, not "photos"$/u,
    ],
    [
      'dataset_name',
      'imagenet',
      /^--dataset_name imagenet is not provided: take mnist, .*, or give a path$/u,
    ],
    ['image_size', '0x32', /takes a side such as 64, or height x width such as 48x64, not "0x32"/u],
    ['channels', '2', /takes 1 or 3, not "2"/u],
    ['test_share', '0', /takes a number from 0 to below 1, not "0"/u],
    ['memory', 'much', /takes an amount of memory such as 500MB or 2GB, not "much"/u],
  ])('--%s %s is refused', (name, text, message) =>
    expect(() => parseParameter(name, text)).toThrow(message),
  );

  it.each<GivenParameters>([
    { image_size: '32x32' },
    { channels: 1 },
    { skip_damaged: true },
    { label_column: 'y' },
  ])('refuses for a data set of the catalogue what is for your own: %j', (given) =>
    expect(() => resolveParameters({ model_name: 'simple_dense', dataset_name: 'mnist', ...given })).toThrow(
      `--${Object.keys(given)[0]} is for your own data, not for mnist: leave it out, or give a path`,
    ),
  );
});
