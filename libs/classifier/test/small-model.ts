import { type ConformalPredictor, fitConformal } from '@label-relaxation/calibration';
import { exportOnnx, type ExportOptions } from '@label-relaxation/onnx';

/** Logits of pictures of 1x2 pixels and one channel: the first pixel, the second, and 100. */
const kernel = Float32Array.of(1, 0, 0, 0, 1, 0);
const bias = Float32Array.of(0, 0, 100);

/** A model of three classes that are told apart by two pixels. */
export function smallModel(options: ExportOptions = {}): Uint8Array<ArrayBuffer> {
  const layers = [
    { class_name: 'Flatten', config: { name: 'flatten', batch_input_shape: [null, 1, 2, 1] } },
    { class_name: 'Dense', config: { name: 'dense', units: 3 } },
  ];
  const network = {
    modelTopology: { class_name: 'Sequential', config: { name: 'small', layers } },
    weightSpecs: [
      { name: 'dense/kernel', shape: [2, 3], dtype: 'float32' },
      { name: 'dense/bias', shape: [3], dtype: 'float32' },
    ],
    weightData: [kernel.buffer as ArrayBuffer, bias.buffer as ArrayBuffer],
  };
  return exportOnnx(network, { classNames: ['left', 'right', 'none'], ...options });
}

/** A conformal predictor by which a class is in the set from a probability of 0.4 on. */
export function from40Percent(): ConformalPredictor {
  const probabilities = Array.from({ length: 9 }, (_, i) => [0.4 + i / 100, 0.6 - i / 100, 0]).flat();
  return fitConformal({ probabilities, labels: new Array<number>(9).fill(0) }, { alpha: 0.1 });
}
