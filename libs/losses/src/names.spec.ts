import { parseLossName, shortLossName } from './names';

it.each([
  ['lr', 'label_relaxation'],
  ['LR', 'label_relaxation'],
  ['label_relaxation', 'label_relaxation'],
  ['LabelRelaxation', 'label_relaxation'],
  ['ce', 'cross_entropy'],
  ['cross_entropy', 'cross_entropy'],
  ['crossentropy', 'cross_entropy'],
  ['categorical_crossentropy', 'cross_entropy'],
  ['CategoricalCrossentropy', 'cross_entropy'],
  ['focal', 'focal'],
  ['Focal_Loss', 'focal'],
  ['FocalLoss', 'focal'],
  ['conf_pen', 'confidence_penalty'],
  ['confidence_penalty', 'confidence_penalty'],
  ['confidencepenalty', 'confidence_penalty'],
  ['ConfidencePenalty', 'confidence_penalty'],
] as const)('%s means %s', (text, name) => {
  expect(parseLossName(text)).toBe(name);
});

it.each(['', 'hinge', 'constructor', 'l r e'])('"%s" is refused with the choices', (text) => {
  expect(() => parseLossName(text)).toThrow(
    `Unknown loss "${text}": choose one of lr (label_relaxation), ce (cross_entropy), focal (focal), ` +
      'conf_pen (confidence_penalty).',
  );
});

it('gives short names that mean the same loss', () => {
  expect(shortLossName('label_relaxation')).toBe('lr');
  expect(shortLossName('cross_entropy')).toBe('ce');
  expect(shortLossName('focal')).toBe('focal');
  expect(shortLossName('confidence_penalty')).toBe('conf_pen');
});
