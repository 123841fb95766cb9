import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createLoss } from '@label-relaxation/losses';
import { tf } from '@label-relaxation/runtime';
import { MissingInput, UsageError } from '../errors';
import { resolveParameters } from '../parameters/hyperparameters';
import { withModuleDigests } from './contents';
import { loadModule } from './load-module';
import { lossOf } from './own-loss';
import { buildOwn } from './own-network';
import { tryLoss } from './try-loss';

const folder = mkdtempSync(join(tmpdir(), 'label-relaxation-modules-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;

/** Writes a module into a folder of its own, since what is loaded once stays loaded. */
function write(text: string, name = 'mine.ts'): string {
  const path = join(folder, String(files++), name);
  mkdirSync(dirname(path));
  writeFileSync(path, text);
  return path;
}

const squares = `export const alpha = { min: 0, max: 2, example: 0.5, grid: [0.5, 1] };
export default ({ logits, target, alpha }) => logits.softmax().sub(target).square().sum(1).mul(1 + alpha);
`;

describe('a loss of one’s own', () => {
  it('has the values and the gradient of its formula, and the range of its alpha', () => {
    const path = write(squares);
    const declared = lossOf(path);
    expect(declared).toMatchObject({
      name: 'mine',
      title: 'mine',
      labels: ['classes', 'distributions'],
      alpha: { min: 0, max: 2, example: 0.5, grid: [0.5, 1], symbol: 'α' },
    });
    const loss = createLoss(declared, 1);
    tryLoss(loss, path, 3);
    const labels = tf.tensor1d([0, 1], 'int32');
    const logits = tf.zeros([2, 3]) as tf.Tensor2D;
    expect(loss.perExample(logits, labels).arraySync()[0]).toBeCloseTo(4 / 3, 6);
    expect(resolveParameters({ loss_name: path, alpha: 2 }).parameters.alpha).toBe(2);
    expect(() => resolveParameters({ loss_name: path, alpha: 2.5 })).toThrow(
      '--alpha 2.5 is out of range: mine takes a value in [0, 2]',
    );
    expect(resolveParameters({ loss_name: path, paper_alpha: true }).parameters.alpha).toBe(0.5);
  });

  it.each([
    ['the only function', 'export function myLoss({ logits }) { return logits.logSumExp(1); }', 'mine.ts'],
    ['a function of CommonJS', 'module.exports = ({ logits }) => logits.logSumExp(1);', 'mine.js'],
    [
      'value and gradient',
      'exports.closedForm = ({ logits }) => ({ value: logits.logSumExp(1, true), gradient: logits.softmax() });',
      'mine.cjs',
    ],
  ])('may be %s', (_, text, name) => {
    const path = write(text, name);
    tryLoss(createLoss(lossOf(path)), path, 4);
    expect(() => resolveParameters({ loss_name: path, alpha: 0.1 })).toThrow(
      '--alpha 0.1 is out of range: mine has no parameter alpha',
    );
  });

  it.each([
    ['no function', 'export const alpha = { min: 0 };', 'exports no loss: export default a function'],
    [
      'a text for alpha',
      `export const alpha = '0..1';\n${squares.split('\n')[1]}`,
      'exports an alpha that is no range',
    ],
    [
      'an example out of range',
      squares.replace('example: 0.5', 'example: 3'),
      'exports an alpha in [0, 2] whose example or grid has 3',
    ],
    [
      'unknown labels',
      `${squares}export const labels = ['names'];`,
      'exports labels that are not some of classes',
    ],
    ['an error while it is loaded', 'throw new Error("no luck\\ntoday");', 'cannot be loaded: no luck'],
    ['text that is no program', 'export default (', 'cannot be loaded: '],
    ['a package that is missing', "import 'no-such-package';", 'cannot be loaded: Cannot find module'],
    [
      'a scalar',
      'export default ({ logits }) => logits.sum();',
      'gives a tensor of shape []: give one of shape [batch]',
    ],
    [
      'a number for each class',
      'export default ({ logits }) => logits.softmax();',
      'gives a tensor of shape [batch,3]: give one of shape [batch]',
    ],
    ['nothing', 'export default () => undefined;', 'gives no tensor: give one of shape [batch]'],
    [
      'an error of its own',
      'export default ({ labels }) => labels.sum(1);',
      'throws: Cannot read properties of undefined',
    ],
    [
      'NaN',
      'export default ({ logits }) => logits.log().sum(1);',
      'gives NaN or infinity for ordinary logits',
    ],
    [
      'a gradient of NaN',
      'export default ({ logits, target }) => logits.sub(logits).abs().sqrt().mul(target).sum(1);',
      'has a gradient of NaN or infinity',
    ],
    [
      'no gradient',
      'export default ({ logits }) => logits.argMax(1).cast("float32");',
      'has a gradient of 0: nothing is learnt by it',
    ],
  ])('is refused in one line for %s', (_, text, reason) => {
    const path = write(text);
    const attempt = () => tryLoss(createLoss(lossOf(path)), path, 3);
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow(new RegExp(`^--loss_name ${path}: [^\\n]*$`, 'u'));
    expect(attempt).toThrow(reason);
  });

  it('is refused where there is no file, or no module', () => {
    expect(() => lossOf('./nothing.ts')).toThrow('--loss_name ./nothing.ts: there is no such file');
    expect(() => lossOf(folder)).toThrow(
      'is no module; --loss_name takes a name, or the path of a .ts, .js, .mjs file',
    );
  });
});

describe('a network of one’s own', () => {
  const options = { inputShape: [4], classes: 3, seed: 0 } as const;

  it('is built, with its penalty on the logits', () => {
    const path = write(`export function myNetwork(net, inputs, classes) {
      return net.dense(net.dense(inputs, 'inner', { units: 5, activation: 'relu' }), 'logits', { units: classes });
    }
    export const activityLoss = (logits) => logits.square().mean();`);
    const model = buildOwn(path, options);
    expect(model).toMatchObject({ name: 'mine', parameters: 4 * 5 + 5 + 5 * 3 + 3 });
    expect(model.activityLoss!(tf.ones([2, 3])).dataSync()[0]).toBe(1);
  });

  it.each([
    [
      'no function',
      'export const layers = 3;',
      'exports no network: export default a function of (builder, inputs, classes)',
    ],
    ['an error', 'export default (net) => net.convolution();', 'throws: net.convolution is not a function'],
    [
      'other outputs',
      "export default (net, x) => net.dense(x, 'd', { units: 7 });",
      'gives [batch,7]: logits of [batch,3]',
    ],
    [
      'NaN',
      `export default (net, x, units) => net.tf.layers.dense({ units, biasInitializer: net.tf.initializers.constant({ value: NaN }) }).apply(x);`,
      'gives NaN or infinity for inputs of zeros',
    ],
  ])('is refused in one line for %s', (_, text, reason) => {
    const path = write(text);
    expect(() => buildOwn(path, options)).toThrow(UsageError);
    expect(() => buildOwn(path, options)).toThrow(reason);
  });
});

describe('the text of a module', () => {
  it('is that of its file, and of those that it imports by relative paths', () => {
    const alone = write(squares);
    const sha256 = createHash('sha256').update(squares).digest('hex');
    expect(loadModule(alone, 'loss_name')).toMatchObject({ sha256, files: new Map([['mine.ts', squares]]) });
    const path = write(`import { formula } from './formula';\nexport default formula;\n`);
    const text = 'export const formula = ({ logits }) => logits.logSumExp(1);\n';
    writeFileSync(join(dirname(path), 'formula.ts'), text);
    expect([...loadModule(path, 'loss_name').files.keys()]).toEqual(['mine.ts', 'formula.ts']);
  });

  it('is noticed where it is another one than a run is to use', () => {
    const path = write(squares);
    const { parameters } = resolveParameters({ loss_name: path, alpha: 1 });
    const known = withModuleDigests(parameters);
    expect(known).toMatchObject({
      loss_sha256: expect.stringMatching(/^[0-9a-f]{64}$/u),
      model_sha256: null,
    });
    expect(withModuleDigests(known)).toEqual(known);
    writeFileSync(path, `${squares}\n`);
    expect(() => withModuleDigests(known)).toThrow(MissingInput);
    expect(() => withModuleDigests(known)).toThrow('has another text than the module that is to be used');
    rmSync(path);
    expect(() => withModuleDigests(known)).toThrow(MissingInput);
    expect(() => withModuleDigests(parameters)).toThrow(UsageError);
  });
});
