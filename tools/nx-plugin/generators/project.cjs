const { join } = require('node:path');
const {
  formatFiles,
  generateFiles,
  getProjects,
  installPackagesTask,
  joinPathFragments,
  readJson,
  updateJson,
} = require('@nx/devkit');
const { formsOf } = require('./name.cjs');

/** @typedef {import('@nx/devkit').Tree} Tree */

/** The folder of each kind of project. */
const groups = /** @type {const} */ ({ app: 'apps', library: 'libs' });

/**
 * Writes a project from the templates of its kind, with the licence, and a reference by which `tsc --build` finds it.
 *
 * @param {Tree} tree
 * @param {keyof typeof groups} kind
 * @param {{ name: string, skipInstall?: boolean, browser?: boolean }} options
 * @returns {Promise<import('@nx/devkit').GeneratorCallback>} has npm install the project
 * @throws Error for a name that is taken or cannot be one; nothing is written then
 */
async function makeProject(tree, kind, { name: given, skipInstall = false, browser = false }) {
  const forms = formsOf(kind, given);
  const name = forms.fileName;
  const taken = holderOf(tree, name);
  if (taken !== undefined) throw new Error(`"${name}" is taken by ${taken}: choose another name`);
  const folder = joinPathFragments(groups[kind], name);
  const { version } = readJson(tree, 'libs/data/package.json');
  const values = { ...forms, name, version, browser, tmpl: '' };
  generateFiles(tree, join(__dirname, kind, 'files'), folder, values);
  tree.write(`${folder}/LICENSE`, /** @type {Buffer} */ (tree.read('LICENSE')));
  updateJson(tree, 'tsconfig.json', ({ references, ...config }) => ({
    ...config,
    references: [...references, { path: `./${folder}` }],
  }));
  await formatFiles(tree);
  return () => {
    if (!skipInstall) installPackagesTask(tree, true);
  };
}

/**
 * What has a project's name already.
 *
 * @param {Tree} tree
 * @param {string} name
 * @returns {string | undefined}
 */
function holderOf(tree, name) {
  const { root } = getProjects(tree).get(name) ?? {};
  if (root !== undefined) return root;
  const { scripts } = readJson(tree, 'package.json');
  return Object.hasOwn(scripts, name) ? `npm run ${name}` : undefined;
}

module.exports = { makeProject };
