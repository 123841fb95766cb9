/** How an example of a README is made quick, what it needs, and what has to be printed. */
export interface Check {
  /** The example whose files it reads. */
  after?: string;
  prepare?(code: string): string;
  printed(output: string, code: string): void;
}

/** By library and number; the other examples need only run. */
export const checks: Readonly<Record<string, Check>> = {
  'data-1': {
    printed: (output) => expect(output).toMatch(/^70000 images from .*\n64 \d 50176 784\n$/),
  },
  'losses-1': {
    printed: (output) => {
      const numbers = output.match(/\d+\.\d+/g)!.map((number) => Number(number).toFixed(4));
      expect(numbers).toEqual(['0.3343', '0.0461', '0.6224']);
    },
  },
  'metrics-1': { printed: numbersOfComments },
  'calibration-1': { printed: numbersOfComments },
  'confidence-1': {
    printed: (output) => expect(output).toMatch(/^0\.75\n0\.4816\d*\n0\n(\w+ true\n?){6}$/),
  },
  'onnx-1': { printed: (output) => expect(output).toContain('["cat","dog"]') },
  'classifier-1': {
    after: 'onnx-1',
    printed: (output) => expect(output).toMatch(/^(cat|dog)\n0?\.\d+ Float32Array\(2\) \[ .*\]\nnull\n$/),
  },
  'models-1': {
    prepare: (code) => replaced(code, 'file:///tmp/resnet', 'file://resnet'),
    printed: (output) => expect(output).toMatch(/^1673738\n/),
  },
  'runtime-1': {
    printed: (output) => expect(output).toMatch(/Float32Array\(1\) \[ (19\.9|20)\d*/),
  },
  'training-1': {
    printed: (output) => expect(JSON.parse(output)).toHaveLength(3),
  },
  'experiments-1': {
    prepare: (code) => replaced(code, 'offline: true', 'offline: true, epochs: 1'),
    printed: goodScores,
  },
  docs: { printed: goodScores },
};

/** Accuracy and calibration error on the last line, as one epoch on MNIST gives them. */
function goodScores(output: string): void {
  const [accuracy, ece] = output.trim().split('\n').at(-1)!.split(/\s+/).map(Number);
  expect(accuracy).toBeGreaterThan(0.95);
  expect(ece).toBeLessThan(0.05);
}

/** The numbers that comments behind `console.log` begin with, each printed on a line of its own. */
function numbersOfComments(output: string, code: string): void {
  const said = [...code.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map(([, comment]) =>
    parseFloat(comment!),
  );
  expect(said).toHaveLength(output.trim().split('\n').length);
  output.split('\n').forEach((line, i) => {
    if (Number.isFinite(said[i])) expect(Number(line)).toBeCloseTo(said[i]!, 4);
  });
  expect(said.filter(Number.isFinite).length).toBeGreaterThan(3);
}

function replaced(code: string, from: string, to: string): string {
  expect(code).toContain(from);
  return code.replace(from, to);
}
