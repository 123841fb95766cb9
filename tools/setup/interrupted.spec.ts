import { spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '../../libs/runtime/setup/places.cjs';
import { root } from './paths.cjs';

jest.setTimeout(120_000);

const steps = ['npm', 'venv', 'download', 'install'] as const;
type Step = (typeof steps)[number];

let top: string;
let trace: string;
const running: ChildProcess[] = [];
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'label-relaxation-interrupted-'));
  trace = join(top, 'trace');
  for (const part of ['tools/setup', 'tools/mlflow', 'libs/runtime/setup', 'libs/runtime/native'])
    cpSync(join(root, part), join(top, part), { recursive: true });
  writeFileSync(join(top, 'package-lock.json'), JSON.stringify({ packages: { '': {} } }));
  writeFileSync(trace, '');
  mkdirSync(join(top, 'cache'));
  symlinkSync(join(cacheFolder(), 'tensorflow'), join(top, 'cache/tensorflow'));
  program(
    'npm',
    `${takes('npm')}\nmkdir -p node_modules\n${ends('npm')}\necho '{"packages":{}}' > node_modules/.package-lock.json`,
  );
  program(
    'python3',
    `case "$*" in
      -c*) echo 3 12 1 True ;;
      *venv*) ${takes('venv')}; mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; ${ends('venv')} ;;
      *'pip download'*) ${takes('download')}; ${ends('download')} ;;
      *'pip install'*) ${takes('install')}; ${ends('install')} ;;
    esac`,
  );
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  rmSync(top, { recursive: true });
});

/** What a program in the place of npm or Python does first: it tells, and waits as long as its step is held. */
const takes = (step: Step) =>
  `echo '${step} begins' >> '${trace}'; while [ -e '${join(top, `hold-${step}`)}' ]; do sleep 0.02; done`;
const ends = (step: Step) => `echo '${step} ends' >> '${trace}'`;

function program(name: string, script: string): void {
  mkdirSync(join(top, 'bin'), { recursive: true });
  writeFileSync(join(top, 'bin', name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(top, 'bin', name), 0o755);
}

/** Starts set-up there, where TensorFlow is in the cache of this machine. */
function setUp(): { child: ChildProcess; ended: Promise<{ code: number | null; said: string }> } {
  const PATH = [join(top, 'bin'), process.env['PATH']].join(':');
  const own = { PATH, LABEL_RELAXATION_CACHE: join(top, 'cache'), npm_execpath: undefined };
  const env = { ...process.env, ...own };
  const child = spawn(process.execPath, [join(top, 'tools/setup/setup.mjs')], { env });
  running.push(child);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return { child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, said }))) };
}

const traced = () => readFileSync(trace, 'utf8').trimEnd().split('\n');
const all = steps.flatMap((step) => [`${step} begins`, `${step} ends`]);

/** What the set-up takes after one that was interrupted: without npm's packages, or MLflow's wheels, where those were whole. */
function traceAfter(step: Step): string[] {
  const whole = { npm: [], venv: ['npm'], download: ['npm'], install: ['npm', 'download'] }[step];
  return all.filter((line) => !whole.some((one) => line.startsWith(one)));
}

async function until(step: Step): Promise<void> {
  while (!traced().includes(`${step} begins`)) await sleep(20);
}

/** Lets set-up come to a step, interrupts it there by a signal, and waits for its end. */
async function interruptedAt(step: Step, signal: NodeJS.Signals) {
  writeFileSync(join(top, `hold-${step}`), '');
  const { child, ended } = setUp();
  await until(step);
  child.kill(signal);
  return ended;
}

it('two set-ups at once take each step once, one after the other', async () => {
  writeFileSync(join(top, 'hold-npm'), '');
  const first = setUp();
  await until('npm');
  const second = setUp();
  await sleep(500);
  rmSync(join(top, 'hold-npm'));
  expect(await first.ended).toMatchObject({ code: 0 });
  expect(await second.ended).toEqual({
    code: 0,
    said: `Waiting for another set-up (process ${first.child.pid}) to finish.\n`,
  });
  expect(traced()).toEqual(all);
});

it.each(steps)(
  'a set-up that is killed while %s runs is gone on with by the next one, alone',
  async (step) => {
    await interruptedAt(step, 'SIGKILL');
    writeFileSync(trace, '');
    // What was killed would go on beside the next one if it were let to.
    const next = setUp();
    await until(step);
    rmSync(join(top, `hold-${step}`));
    expect(await next.ended).toMatchObject({ code: 0 });
    expect(traced()).toEqual(traceAfter(step));
    expect(readdirSync(join(top, 'tmp'))).toEqual([]);
  },
);

it.each(steps)('a set-up that is told to end while %s runs leaves nothing of that step', async (step) => {
  const { code } = await interruptedAt(step, 'SIGTERM');
  expect(code).toBe(143);
  const made = step === 'npm' ? 'node_modules' : '.venv';
  expect(existsSync(join(top, made))).toBe(false);
  expect(readdirSync(join(top, 'tmp'))).toEqual([]);
  rmSync(join(top, `hold-${step}`));
  writeFileSync(trace, '');
  expect(await setUp().ended).toMatchObject({ code: 0 });
  expect(traced()).toEqual(traceAfter(step));
});
