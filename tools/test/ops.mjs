/**
 * Tests our own ops as another compiler builds them, or with sanitizers:
 *
 *     npm run test:ops -- [--compiler clang++] [--sanitize address,undefined] [SPEC ...]
 *
 * All code of the ops is tried: on a processor without AVX-512, that for 16 floats is made of AVX2's instructions.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { parseArgs } from 'node:util';
import { SetupError } from '../../libs/runtime/setup/errors.cjs';
import { buildNative } from '../../libs/runtime/setup/native.cjs';
import { places } from '../../libs/runtime/setup/places.cjs';
import { endOnSignals } from '../../libs/runtime/setup/process/command.cjs';
import { removeUnfinished } from '../../libs/runtime/setup/process/unfinished.cjs';
import { checkoutPaths, root } from '../setup/paths.cjs';

const specs = [
  'native-ops',
  'winograd',
  'normalised-products',
  'dense-backward',
  'batch-norm-in-parts',
  'kernels/random',
];

/**
 * What the compiler is told of a sanitizer, and the libraries that have to be loaded before Node for it.
 *
 * @param {string} compiler
 * @param {readonly string[]} sanitizers
 */
function sanitizing(compiler, sanitizers) {
  const isClang = answer(compiler, '--version').includes('clang');
  if (sanitizers.length === 0) return { flags: ['-O3'], preload: [] };
  /** What would need to know TensorFlow's own types. */
  const without = ['vptr'];
  // With these g++ takes no address for certain to differ from null, which TensorFlow's headers compute with.
  if (!isClang) without.push('null', 'nonnull-attribute', 'returns-nonnull-attribute');
  const libraries = isClang
    ? [`libclang_rt.${sanitizers.includes('address') ? 'asan' : 'ubsan_standalone'}-x86_64.so`]
    : sanitizers.map((name) => (name === 'address' ? 'libasan.so' : 'libubsan.so'));
  return {
    flags: [
      ...['-O1', '-g1', `-fsanitize=${sanitizers.join()}`, '-fno-sanitize-recover=all'],
      ...(sanitizers.includes('undefined') ? [`-fno-sanitize=${without.join()}`] : []),
      ...(isClang ? ['-shared-libsan'] : []),
    ],
    preload: libraries.map((name) => {
      const file = answer(compiler, `-print-file-name=${name}`);
      if (isAbsolute(file)) return file;
      throw new SetupError(`${compiler} has no ${name}: install its sanitizers' libraries`);
    }),
  };
}

/** @param {string} compiler @param {string} question */
function answer(compiler, question) {
  const { status, stdout } = spawnSync(compiler, [question], { encoding: 'utf8' });
  if (status !== 0) throw new SetupError(`${compiler} cannot be run: install it, or name another --compiler`);
  return stdout.trim();
}

function parse() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        compiler: { type: 'string', default: 'g++' },
        sanitize: { type: 'string', default: '' },
      },
    });
    const sanitizers = values.sanitize.split(',').filter((name) => name !== '');
    const unknown = sanitizers.find((name) => name !== 'address' && name !== 'undefined');
    if (unknown !== undefined)
      throw new Error(`there is no sanitizer "${unknown}": take address, undefined or both`);
    return { compiler: values.compiler, sanitizers, specs: positionals.length > 0 ? positionals : specs };
  } catch (error) {
    console.error(`test:ops: ${/** @type {Error} */ (error).message.split('. ')[0]}`);
    return process.exit(2);
  }
}

/** @param {readonly string[]} args @param {NodeJS.ProcessEnv} env @returns {Promise<number>} the exit code */
function runJest(args, env) {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [join(checkoutPaths().modules, 'jest', 'bin', 'jest.js'), ...args],
      {
        cwd: root,
        env,
        stdio: 'inherit',
      },
    );
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

endOnSignals();
const chosen = parse();
const folder = mkdtempSync(join(tmpdir(), 'label-relaxation-ops-'));
try {
  await removeUnfinished(folder, async () => {
    const { flags, preload } = sanitizing(chosen.compiler, chosen.sanitizers);
    const { library, native } = places();
    if (native === null) throw new SetupError('our ops are for Linux on x64 alone');
    const hasAvx512 = /^flags\s*:.*\bavx512f\b/m.test(readFileSync('/proc/cpuinfo', 'utf8'));
    mkdirSync(join(folder, 'lib'));
    symlinkSync(library, join(folder, 'deps'));
    const file = join(folder, 'lib', 'ops.node');
    /** @type {NodeJS.ProcessEnv} */
    const environment = {
      ...process.env,
      CXX: chosen.compiler,
      ...(preload.length > 0 ? { LD_PRELOAD: preload.join(' ') } : {}),
      // Node and tfjs-node, which are not compiled with it, keep what they hold to their end, free arrays as they please,
      // and share containers that only one side tells of.
      ASAN_OPTIONS: 'detect_leaks=0:alloc_dealloc_mismatch=0:detect_container_overflow=0',
      UBSAN_OPTIONS: 'print_stacktrace=1',
    };
    console.log(
      `Compiling with ${[chosen.compiler, ...flags].join(' ')}${hasAvx512 ? '' : '; no AVX-512 here: 16 floats by AVX2'}`,
    );
    await buildNative(
      library,
      { ...native.ops, file },
      [...flags, ...(hasAvx512 ? [] : ['-DLR_WITHOUT_AVX512'])],
      environment,
    );
    process.exitCode = await runJest(['--runInBand', '-c', 'libs/runtime/jest.config.cjs', ...chosen.specs], {
      ...environment,
      LABEL_RELAXATION_OPS: file,
      LABEL_RELAXATION_LANES: '16',
    });
  });
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`test:ops: ${error.message}`);
  process.exitCode = 1;
}
