const { join } = require('node:path');
const { applyChangesToString, ChangeType, generateFiles } = require('@nx/devkit');
const { formsOf } = require('./name.cjs');

/**
 * Writes the declaration of a loss or a network and its spec from the templates of its kind, and registers it. Gives its
 * name in all forms.
 *
 * @param {import('@nx/devkit').Tree} tree
 * @param {'loss' | 'network'} kind
 * @param {object} place
 * @param {string} place.given the name
 * @param {string} place.lib such as `libs/losses`
 * @param {string} place.folder of declarations in the lib's sources, such as `losses`
 * @param {(text: string) => string | undefined} place.find the one whose name, or other spelling, a text is
 * @throws Error for a name that is taken or cannot be one; nothing is written then
 */
function makeDeclaration(tree, kind, { given, lib, folder, find }) {
  const forms = formsOf(kind, given);
  const registry = `${lib}/src/registry.ts`;
  const text = /** @type {string} */ (tree.read(registry, 'utf8'));
  const taken = find(given) ?? text.match(new RegExp(`\\b${forms.identifier}\\b`, 'u'))?.[0];
  if (taken !== undefined)
    throw new Error(`"${given}" is taken by ${taken} in ${registry}: choose another name`);
  generateFiles(tree, join(__dirname, kind, 'files'), `${lib}/src/${folder}`, { ...forms, tmpl: '' });
  tree.write(registry, registered(text, forms.identifier, `./${folder}/${forms.fileName}`));
  return forms;
}

/**
 * A registry with one more declaration: imported in the order of files, last in the list.
 *
 * @param {string} text
 * @param {string} identifier
 * @param {string} file
 */
function registered(text, identifier, file) {
  const imports = [...text.matchAll(/^import .* from '(.*)';\n/gmu)];
  const next = imports.find(([, other = '']) => other > file);
  const last = /** @type {RegExpMatchArray} */ (imports.at(-1));
  return applyChangesToString(text, [
    {
      type: ChangeType.Insert,
      index: next?.index ?? Number(last.index) + last[0].length,
      text: `import { ${identifier} } from '${file}';\n`,
    },
    { type: ChangeType.Insert, index: text.search(/,?\s*\] as const/u), text: `, ${identifier}` },
  ]);
}

module.exports = { makeDeclaration };
