import { BenchError } from './errors';
import { parseFlags } from './flags';

describe('parseFlags', () => {
  it('runs everything by default', () => {
    expect(parseFlags([])).toEqual({
      parts: ['steps', 'bound', 'epoch', 'tracking', 'search', 'metrics', 'data', 'predict'],
      models: ['simple_dense', 'vgg', 'resnet', 'densenet'],
      precisions: null,
      measures: [
        ...['ece', 'classwise', 'smooth', 'aurc', 'bootstrap'],
        ...['temperature', 'smatrix', 'isotonic', 'raps'],
      ],
      peers: true,
      json: false,
      rounds: 5,
      seconds: 5,
      batch: 64,
      images: 10_000,
      help: false,
    });
  });

  it('runs a part with some networks, in the order of the table', () => {
    const flags = parseFlags(['steps', '--models', 'resnet,vgg', '--no-peers', '--json', '--rounds=3']);
    expect(flags).toMatchObject({
      parts: ['steps'],
      models: ['vgg', 'resnet'],
      peers: false,
      json: true,
      rounds: 3,
    });
  });

  it('takes flags before parts, and a part only once', () => {
    expect(parseFlags(['--seconds', '0.5', 'epoch', 'steps', 'bound', 'epoch'])).toMatchObject({
      parts: ['steps', 'bound', 'epoch'],
      seconds: 0.5,
    });
  });

  it.each([
    [
      ['stepz'],
      'The part of the benchmark must be one of steps, bound, epoch, tracking, search, metrics, data, predict, not "stepz".',
    ],
    [['--models', 'vgg,lenet'], '--models must be one of simple_dense, vgg, resnet, densenet, not "lenet".'],
    [
      ['--measures', 'mmce'],
      '--measures must be one of ece, classwise, smooth, aurc, bootstrap, temperature, smatrix, isotonic, raps, not "mmce".',
    ],
    [['--precisions', 'float16'], '--precisions must be one of float32, bfloat16, not "float16".'],
    [['--rounds', '2.5'], '--rounds takes a whole number above 0, not "2.5".'],
    [['--seconds', '0'], '--seconds takes a number above 0, not "0".'],
    [['--batch', 'many'], '--batch takes a whole number above 0, not "many".'],
    [['--fast'], "Unknown option '--fast'; --help lists the flags."],
  ])('refuses %p in one line', (args, message) => {
    expect(() => parseFlags(args)).toThrow(new BenchError(message));
  });
});
