const { updateJson } = require('@nx/devkit');
const { makeProject } = require('../project.cjs');

/**
 * Makes an app of one's own, and the npm script that runs it.
 *
 * @param {import('@nx/devkit').Tree} tree
 * @param {{ name: string, skipInstall?: boolean }} options
 */
module.exports = async function app(tree, options) {
  const { name } = options;
  const install = await makeProject(tree, 'app', options);
  updateJson(tree, 'package.json', (manifest) => {
    const script = manifest.scripts.report.replace('apps/report/', `apps/${name}/`);
    return { ...manifest, scripts: { ...manifest.scripts, [name]: script } };
  });
  return install;
};
