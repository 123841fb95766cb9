/** Loaded before a program with `node -r`: lets Node run the workspace's TypeScript, without checking types. */
const { join } = require('node:path');
const { register } = require('ts-node');
const { root } = require('./paths.cjs');

register({ project: join(root, 'tsconfig.base.json') });
