import { tf } from './tensorflow';
import { timePrecisions } from './time-precisions';

it('times both formats, and keeps nothing', async () => {
  const before = tf.memory().numTensors;
  const { float32, bfloat16 } = await timePrecisions();
  expect(float32).toBeGreaterThan(0);
  expect(bfloat16).toBeGreaterThan(0);
  expect(tf.memory().numTensors).toBe(before);
});
