import { parseModelName } from './names';

it.each([
  ['simple_dense', 'simple_dense'],
  ['VGG', 'vgg'],
  ['vgg16', 'vgg'],
  [' ResNet ', 'resnet'],
  ['ResNet56V2', 'resnet'],
  ['densenet', 'densenet'],
  ['DenseNetBC', 'densenet'],
] as const)('%s means %s', (text, name) => {
  expect(parseModelName(text)).toBe(name);
});

it('names the choices', () => {
  expect(() => parseModelName('nonesuch')).toThrow(
    'Unknown model "nonesuch": choose one of simple_dense, vgg, resnet, densenet',
  );
});
