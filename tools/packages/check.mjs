/** Prints, as JSON, what is in tarballs of packages, and what publint and attw find wrong: check.mjs TARBALL... */
import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/** @param {string} file */
async function check(file) {
  const bytes = readFileSync(file);
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  const said = messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
  const content = createPackageFromTarballData(bytes);
  const analysis = await checkPackage(content);
  const found =
    analysis.types === false ? ['no types'] : analysis.problems.map((problem) => JSON.stringify(problem));
  const top = `/node_modules/${content.packageName}/`;
  const files = content.listFiles(top).map((path) => [path.slice(top.length), content.readFile(path)]);
  return { files: Object.fromEntries(files), problems: [...said, ...found] };
}

const checked = await Promise.all(process.argv.slice(2).map(async (file) => [file, await check(file)]));
console.log(JSON.stringify(Object.fromEntries(checked)));
