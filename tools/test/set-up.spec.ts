import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../setup/paths.cjs';
import { ConnectProxy } from './connect-proxy';
import { figures, whenLong } from './long';
import { type NodeMajor, otherNode } from './nodes';

jest.setTimeout(3 * 3_600_000);

/** A program of a checkout, and what it has said so far. */
interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
  says(words: string): Promise<void>;
}

whenLong(describe)('the whole set-up, in an empty home, by a proxy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'label-relaxation-set-up-'));
  const cache = join(folder, 'cache');
  const [first, second] = [join(folder, 'first'), join(folder, 'second')];
  const proxy = new ConnectProxy();
  const running = new Set<ChildProcess>();
  beforeAll(async () => {
    for (const name of ['home', 'tmp', 'first', 'second']) mkdirSync(join(folder, name));
    const list = 'git ls-files -z --cached --others --exclude-standard --deduplicate';
    const copy = `${list} | tar --null -T - -c | tar -x -C`;
    for (const top of [first, second])
      execFileSync('sh', ['-c', `${copy} '${top}'`], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    await proxy.listen();
  });
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL');
    await proxy.close();
    rmSync(folder, { recursive: true });
  });

  /** Runs a program of a checkout as another version of Node does, all of whose own files are in the test's folder. */
  function start(top: string, major: NodeMajor, words: readonly string[]): Running {
    const node = otherNode(major);
    const own = Object.entries(process.env).filter(
      ([name]) => !/^(npm_|MLFLOW_|LABEL_RELAXATION_)/u.test(name),
    );
    const env = {
      ...Object.fromEntries(own),
      ...proxy.environment,
      ...{ PATH: `${dirname(node)}:${process.env['PATH']}`, NO_COLOR: '1' },
      ...{ HOME: join(folder, 'home'), TMPDIR: join(folder, 'tmp'), LABEL_RELAXATION_CACHE: cache },
    };
    const child = spawn(node, words, { cwd: top, env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].on('data', (chunk: Buffer) => (said[name] += chunk.toString()));
    return {
      child,
      ended: new Promise((resolve) =>
        child.on('close', (code) => {
          running.delete(child);
          resolve({ code, ...said });
        }),
      ),
      says: async (text) => {
        while (!said.stderr.includes(text)) {
          if (!running.has(child)) throw new Error(`it ended without saying ${text}: ${said.stderr}`);
          await sleep(20);
        }
      },
    };
  }

  const setUp = (top: string, major: NodeMajor) => start(top, major, ['tools/setup/setup.mjs']);
  const study = (top: string, major: NodeMajor, ...flags: string[]) =>
    start(top, major, [
      ...[
        '-C',
        '@label-relaxation/source',
        '-r',
        './tools/setup/app.cjs',
        'apps/study/src/main.ts',
        '--json',
      ],
      ...[
        '--model_name',
        'simple_dense',
        '--dataset_name',
        'mnist',
        '--alpha',
        '0.1',
        '--epochs',
        '1',
        ...flags,
      ],
    ]);

  /** What set-up says last where there is no network. */
  const lastLine = (step: string) =>
    new RegExp(`failed\\nset-up: ${step}[^\\n]*; try again when there is a network[^\\n]*\\n$`, 'u');

  it('ends in one line where the network goes while npm installs', async () => {
    proxy.breakAfter(20e6);
    const { code, stderr } = await setUp(first, '24').ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(lastLine('npm ci failed')) });
    expect(existsSync(join(first, 'node_modules'))).toBe(false);
    proxy.mode = 'open';
  });

  it("ends in one line where it goes while TensorFlow's wheel comes", async () => {
    const { says, ended } = setUp(first, '24');
    await says('TensorFlow 2.21.0 ... ');
    proxy.breakAfter(50e6);
    const { code, stderr } = await ended;
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(lastLine('pip could not download tensorflow')),
    });
    expect(
      readdirSync(join(cache, 'tensorflow')).filter(
        (name) => name.endsWith('.lock') || /^download/u.test(name),
      ),
    ).toEqual([]);
    proxy.mode = 'open';
  });

  it.each([
    'TensorFlow 2.21.0 ... ',
    'addon for Node (compiling) ... ',
    'our own (compiling) ... ',
    '] MLflow 3',
  ])('is killed while it takes the step "%s"', async (step) => {
    const { child, says, ended } = setUp(first, '24');
    await says(step);
    await sleep(2_000);
    child.kill('SIGKILL');
    await ended;
  });

  it('is gone on with by two at once, whose network breaks and comes back', async () => {
    const one = setUp(first, '24');
    await one.says('] MLflow 3');
    const other = setUp(first, '24');
    proxy.breakAfter(20e6, 'open');
    const ends = await Promise.all([one.ended, other.ended]);
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    expect(ends[1]!.stderr).toBe(`Waiting for another set-up (process ${one.child.pid}) to finish.\n`);
    expect(existsSync(join(first, '.venv/set-up.txt'))).toBe(true);
    figures('set-up by a proxy', {
      tunnels: proxy.hosts.length,
      megabytes: Math.round(proxy.received / 1e6),
    });
    // The wheel alone has 274 MB.
    expect(proxy.received).toBeGreaterThan(400e6);
  });

  it('needs no network where all is there, and a run does not, either', async () => {
    proxy.mode = 'refuses';
    const { length } = proxy.hosts;
    expect(await setUp(first, '24').ended).toEqual({ code: 0, stdout: '', stderr: '' });
    try {
      const { code, stdout, stderr } = await study(first, '24').ended;
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
      const result: unknown = JSON.parse(stdout.trim().split('\n').at(-1)!);
      expect(result).toMatchObject({ epochs: 1, tracking_uri: expect.stringContaining('http://127.0.0.1:') });
    } finally {
      await start(first, '24', ['tools/mlflow/mlflow.mjs', 'stop']).ended;
    }
    expect(proxy.hosts).toHaveLength(length);
  });

  it('of a second checkout, by another Node, does without a network with what the caches have', async () => {
    rmSync(join(cache, 'tensorflow', `2.21.0-${process.platform}-${process.arch}`, 'lib'), {
      recursive: true,
    });
    const { length } = proxy.hosts;
    const { code, stderr } = await setUp(second, '22').ended;
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(stderr).toMatch(
      /npm packages \.\.\. \d+ s\n.* addon .* \d+ s\n.* our own .* \d+ s\n.* MLflow .* \d+ s\n$/u,
    );
    expect(proxy.hosts).toHaveLength(length);
    const offline = await study(second, '22', '--offline').ended;
    expect({ code: offline.code, stderr: offline.code === 0 ? '' : offline.stderr }).toEqual({
      code: 0,
      stderr: '',
    });
  });
});
