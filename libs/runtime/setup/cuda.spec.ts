import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakePython } from './test/fake-python';
import { cudaIsReady, installCuda } from './cuda.cjs';
import { places } from './places.cjs';
import { fetchOfTensorFlow, lackingOfTensorFlow, tensorFlowSteps } from './steps.cjs';

describe("NVIDIA's packages", () => {
  let folder: string;
  let library: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'label-relaxation-cuda-'));
    library = join(folder, 'deps');
    mkdirSync(library);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Installs one file to where pip is told, or fails. */
  function pip(status = 0): string {
    const end = status === 0 ? 'cp "$4" "$2/nvidia/cudnn/lib/lock"' : `echo no network >&2; exit ${status}`;
    const folders = 'mkdir -p "$2/nvidia/cudnn/lib" "$2/cudnn.dist-info"';
    return fakePython(folder, '--target', `${folders}\n${end}`);
  }

  it('come to where TensorFlow looks for them', async () => {
    expect(cudaIsReady(library)).toBe(false);
    await installCuda(pip(), library);
    expect(cudaIsReady(library)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['deps', 'python']);
    expect(readdirSync(library)).toEqual(['nvidia']);
    const lock = readFileSync(join(library, 'nvidia/cudnn/lib/lock'), 'utf8');
    const named = readFileSync(join(__dirname, 'cuda/packages.txt'), 'utf8').matchAll(/^nvidia-[\w-]+/gmu);
    const pinned = [...lock.matchAll(/^(nvidia-[\w-]+)==[\d.]+ \\\n +--hash=sha256:/gmu)];
    expect(pinned.map(([, name]) => name)).toEqual([...named].map(([name]) => name));
  });

  it('leave nothing where they cannot be had', async () => {
    await expect(installCuda(pip(1), library)).rejects.toThrow(
      /^pip could not install NVIDIA's packages:\nno network/,
    );
    expect(existsSync(join(library, 'nvidia'))).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(['deps', 'python']);
  });
});

const isPossible = process.platform === 'linux' && process.arch === 'x64';

it.each(isPossible ? ['cpu', 'force-gpu'] : ['cpu'])(
  'set-up says what it fetches, and takes its steps (%s)',
  (device) => {
    const where = places({ LABEL_RELAXATION_CACHE: join(tmpdir(), 'none'), LABEL_RELAXATION_DEVICE: device });
    const lack = lackingOfTensorFlow(where);
    const { words } = fetchOfTensorFlow(where, lack);
    const names = tensorFlowSteps(where, lack, 'python3').map(({ name }) => name);
    const compiled = [
      'TensorFlow addon for Node (compiling)',
      ...(where.native ? ['Ops of our own (compiling)'] : []),
    ];
    if (device === 'cpu') {
      expect(words).toMatch(/^TensorFlow 2\.21\.0 \(a wheel of \d+ MB\)$/);
      expect(names).toEqual(['TensorFlow 2.21.0', ...compiled]);
    } else {
      expect(words).toMatch(
        /^TensorFlow 2\.21\.0 for a GPU \(a wheel of 573 MB\), NVIDIA's CUDA for TensorFlow \(\d+ MB\)$/,
      );
      expect(names).toEqual(['TensorFlow 2.21.0 for a GPU', "NVIDIA's CUDA", ...compiled]);
    }
  },
);
