import { currentStepSeed, withRandomStep } from './random-step';
import { tf } from './tensorflow';

describe('withRandomStep', () => {
  it('gives its seed to what runs inside, and the outer one back after an error', () => {
    const [outer, inner] = [tf.tensor1d([1, 2], 'int32'), tf.tensor1d([3, 4], 'int32')];
    withRandomStep(outer, () => {
      const failing = () =>
        withRandomStep(inner, () => {
          expect(currentStepSeed()).toBe(inner);
          throw new Error('inside');
        });
      expect(failing).toThrow('inside');
      expect(currentStepSeed()).toBe(outer);
    });
    expect(() => currentStepSeed()).toThrow('call the layer inside withRandomStep');
  });
});
