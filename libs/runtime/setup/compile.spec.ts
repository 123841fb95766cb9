import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildAddon, plainFolder } from './addon.cjs';
import { buildNative } from './native.cjs';
import { findPrograms } from './requirements.cjs';

/** A Node-API module whose `TF_Version` is a macro of TensorFlow's header. */
const code = `#include <node_api.h>
#include "tensorflow/c/c_api.h"
napi_value Init(napi_env env, napi_value exports) {
  napi_value version;
  napi_create_string_utf8(env, VERSION, NAPI_AUTO_LENGTH, &version);
  napi_set_named_property(env, exports, "TF_Version", version);
  return exports;
}
NAPI_MODULE(NODE_GYP_MODULE_NAME, Init)
`;
const gyp = `{ 'targets': [
  { 'target_name': 'tfjs_binding', 'sources': ['binding/a.cc'], 'include_dirs': ['<(module_root_dir)/deps/include'] },
  { 'target_name': 'copy', 'type': 'none', 'dependencies': ['tfjs_binding'],
    'copies': [{ 'files': ['<(PRODUCT_DIR)/tfjs_binding.node'], 'destination': '<(module_path)' }] },
] }`;
const binary = {
  module_name: 'tfjs_binding',
  module_path: './lib/napi-v{napi_build_version}',
  remote_path: './napi-v{napi_build_version}/',
  host: 'https://example.org',
  napi_versions: [8],
};

describe('in a folder with spaces and parentheses', () => {
  let top: string;
  let library: string;
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(top, file)), { recursive: true });
    writeFileSync(join(top, file), text);
  };

  beforeEach(() => {
    top = join(mkdtempSync(join(tmpdir(), 'label-relaxation-compile-')), 'a b (1)');
    library = join(top, 'deps');
    write('deps/include/tensorflow/c/c_api.h', '#define VERSION "2.21.0"\n');
    write('tfjs/package.json', JSON.stringify({ name: 'tfjs', version: '1.0.0', main: 'a.js', binary }));
    write('tfjs/binding.gyp', gyp);
    write('tfjs/binding/a.cc', code);
  });
  afterEach(() => rmSync(dirname(top), { recursive: true }));

  const build = () => {
    const python = findPrograms({ python: true, compilers: true });
    return buildAddon({ library, addon: join(top, 'lib', 'addon.node') }, python, join(top, 'tfjs'));
  };

  it('the addon is compiled, and leaves nothing but itself, nor what a set-up left that was killed', async () => {
    const draftOf = (pid: number) => join(plainFolder(), `label-relaxation-addon-${pid}-x`);
    const [ours, left] = [draftOf(process.pid), draftOf(4_194_305)] as const;
    for (const folder of [ours, left]) mkdirSync(folder);
    await build();
    expect([ours, left].map((folder) => existsSync(folder))).toEqual([true, false]);
    rmSync(ours, { recursive: true });
    expect(readdirSync(join(top, 'lib'))).toEqual(['addon.node']);
    expect(readdirSync(join(top, 'tfjs')).sort()).toEqual(['binding', 'binding.gyp', 'package.json']);
  });

  it("what the addon's compiler said is told", async () => {
    write('tfjs/binding/a.cc', `${code}int wrong = "no number";\n`);
    await expect(build()).rejects.toThrow(/could not be compiled:\n.*a\.cc:10:13: error: invalid conversion/);
    expect(existsSync(join(top, 'lib'))).toBe(false);
  });

  it('our ops are compiled, or what their compiler said is told', async () => {
    mkdirSync(join(library, 'lib'));
    for (const name of ['tensorflow', 'tensorflow_framework']) {
      const empty = ['-shared', '-x', 'c++', '/dev/null', '-o', join(library, 'lib', `lib${name}.so`)];
      execFileSync('g++', empty);
    }
    const ops = {
      file: join(top, 'lib', 'ops.node'),
      source: join(top, 'native'),
      libraries: ['tensorflow', 'tensorflow_framework'],
    };
    const entry =
      'extern "C" __attribute__((visibility("default"))) void* napi_register_module_v1(void*, void* e) {';
    write('native/a.cc', `#include "tensorflow/c/c_api.h"\n${entry} return e; }\n`);
    await buildNative(library, ops);
    expect(readdirSync(join(top, 'lib'))).toEqual(['ops.node']);
    write('native/b.cc', '#include "missing.h"\n');
    await expect(buildNative(library, ops)).rejects.toThrow(
      /could not be compiled:\n.*b\.cc:1:10: fatal error: missing\.h: No such file/,
    );
  });
});

it('is compiled in a folder that does not disturb gyp', () => {
  expect(plainFolder('/var/tmp/me')).toBe('/var/tmp/me');
  expect(plainFolder('/home/me/my files (1)')).toBe('/tmp');
});
