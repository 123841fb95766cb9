import { tf } from './tensorflow';
import { timePrecisions } from './time-precisions';

it('times both formats for each kind of layer, and keeps nothing', async () => {
  const before = tf.memory().numTensors;
  const positive = { float32: expect.any(Number), bfloat16: expect.any(Number) };
  const times = await timePrecisions();
  expect(times).toEqual({ dense: positive, convolution: positive });
  expect(
    Object.values(times)
      .flatMap((one) => Object.values(one))
      .every((time) => time > 0),
  ).toBe(true);
  expect(tf.memory().numTensors).toBe(before);
});
