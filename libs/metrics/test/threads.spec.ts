import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

/** Runs a program as the apps are run, since a thread of jest's would not read TypeScript; gives what it printed last. */
function printed(code: string): unknown {
  const words = [
    '-C',
    '@label-relaxation/source',
    '-r',
    join(root, 'tools/setup/typescript.cjs'),
    '-e',
    code,
  ];
  const output = execFileSync(process.execPath, words, { cwd: join(root, 'libs/metrics'), encoding: 'utf8' });
  return JSON.parse(output.trim().split('\n').at(-1)!);
}

jest.setTimeout(120_000);

it('threads give the numbers of one thread, whatever their number', () => {
  expect(
    printed(`
      const metrics = require('@label-relaxation/metrics');
      const threads = require('@label-relaxation/metrics/threads');
      const event = Float64Array.from({ length: 500 }, (_, i) => ((i * 7919) % 500) / 500);
      const flat = event.map((p) => 0.5 + (p - 0.5) / 2);
      const outcomes = event.map((p, i) => (((i * 104729) % 499) / 499 < p * p ? 1 : 0));
      const weights = event.map((_, i) => 1 + (i % 3));
      const options = { draws: 40, seed: 5, weights };
      const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
      (async () => {
        const found = [];
        for (const measure of [metrics.expectedCalibrationError, metrics.smoothCalibrationError, metrics.aurc]) {
          const one = metrics.bootstrap(measure, { event }, outcomes, options);
          const many = await threads.bootstrap(measure, { event }, outcomes, { ...options, threads: 3 });
          const pair = metrics.pairedBootstrap(measure, { event }, { event: flat }, outcomes, options);
          const pairs = await threads.pairedBootstrap(measure, { event }, { event: flat }, outcomes, options);
          found.push(same(one, many), same(pair, pairs), one.lower < one.upper);
        }
        const logits = Array.from({ length: 150 }, (_, i) => (i * 37) % 11);
        const labels = Array.from({ length: 50 }, (_, i) => i % 3);
        const each = { of: 'each_class', draws: 20 };
        const one = metrics.bootstrap(metrics.expectedCalibrationError, { logits }, labels, each);
        found.push(same(one, await threads.bootstrap(metrics.expectedCalibrationError, { logits }, labels, each)));
        await threads.bootstrap(metrics.aurc, { event }, outcomes, { threads: 0 }).catch((error) => found.push(error.message));
        console.log(JSON.stringify(found));
      })();
    `),
  ).toEqual([...new Array<boolean>(10).fill(true), 'threads is 0: expected a whole number of at least 1']);
});
