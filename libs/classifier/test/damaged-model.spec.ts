import { damage, damaged } from '../../../tools/test/damage';
import { damagedJson, jsonDamage } from '../../../tools/test/damaged-json';
import { fuzz } from '../../../tools/test/fuzz';
import { tries } from '../../../tools/test/long';
import { readMetadata } from '@label-relaxation/onnx';
import { loadClassifier } from '../src';
import { from40Percent, smallModel } from './small-model';

jest.setTimeout(3_600_000);

it('a damaged model predicts for its classes, or is refused in one line', async () => {
  const model = smallModel({ conformal: from40Percent() });
  const { refused } = await fuzz({
    inputs: damage,
    runs: tries(60, 6_000),
    refusals: ['ClassifierError'],
    read: async (edits) => {
      const classifier = await loadClassifier(damaged(model, edits));
      await classifier.dispose();
      return classifier;
    },
    check: ({ classNames, inputShape }) => {
      expect(classNames.every((name) => typeof name === 'string')).toBe(true);
      expect(inputShape.every((side) => typeof side === 'number')).toBe(true);
    },
  });
  expect(refused).toBeGreaterThan(0);
});

it('damaged texts in a model are told, too', async () => {
  const conformal = from40Percent();
  const whole = { class_names: ['left', 'right', 'none'], conformal };
  const { taken, refused } = await fuzz({
    inputs: jsonDamage,
    runs: tries(40, 4_000),
    refusals: ['ClassifierError'],
    read: async (changes) => {
      const texts = (damagedJson(whole, changes) ?? {}) as Record<string, unknown>;
      const written = Object.fromEntries(
        Object.entries(texts).map(([key, value]) => [key, JSON.stringify(value) ?? '']),
      );
      const model = smallModel({ metadata: written } as Parameters<typeof smallModel>[0]);
      const classifier = await loadClassifier(model);
      const prediction = await classifier.predict([3, 1]);
      await classifier.dispose();
      return prediction;
    },
  });
  expect([taken > 0, refused > 0]).toEqual([true, true]);
});

it('the texts of a model are read whole or not at all', async () => {
  const { refused } = await fuzz({
    inputs: damage,
    runs: tries(200, 10_000),
    refusals: ['OnnxError'],
    read: (edits) => readMetadata(damaged(smallModel(), edits)),
    check: (metadata) => expect(Object.values(metadata).every((text) => typeof text === 'string')).toBe(true),
  });
  expect(refused).toBeGreaterThan(0);
});
