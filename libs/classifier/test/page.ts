import { type Example, loadClassifier } from '@label-relaxation/classifier';
import * as ort from 'onnxruntime-web/wasm';

/** What the browser's test calls: probabilities and sets of examples, by a model from the page's own server. */
Object.assign(globalThis, {
  async predict(address: string, examples: readonly Example[]) {
    ort.env.wasm.wasmPaths = '/';
    ort.env.wasm.numThreads = 1;
    const classifier = await loadClassifier(address, { runtime: ort });
    const predictions = await classifier.predictBatch(examples);
    return predictions.map(({ label, probabilities, set }) => ({
      label,
      probabilities: [...probabilities],
      set,
    }));
  },
  ofCanvas(): Promise<unknown> {
    const canvas = Object.assign(document.createElement('canvas'), { width: 2, height: 1 });
    const context = canvas.getContext('2d')!;
    context.fillStyle = 'rgb(255 0 0)';
    context.fillRect(0, 0, 1, 1);
    return loadClassifier('/model.onnx', { runtime: ort }).then((classifier) =>
      classifier.predict(context.getImageData(0, 0, 2, 1)),
    );
  },
  withoutRuntime(): Promise<unknown> {
    return loadClassifier('/model.onnx');
  },
});
