import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/paths.cjs';

/** SHA-256 of the text that apache.org gives as LICENSE-2.0.txt. */
const apacheLicense = 'cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30';

const folders = ['libs', 'apps', 'tools'].flatMap((group) =>
  readdirSync(join(root, group)).map((name) => join(group, name)),
);
const packages = ['.', ...folders].filter((folder) => existsSync(join(root, folder, 'package.json')));

it.each(packages)('%s declares the Apache License 2.0 and holds its text', (folder) => {
  const { license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
    license: string;
  };
  expect(license).toBe('Apache-2.0');
  const text = readFileSync(join(root, folder, 'LICENSE'));
  expect(createHash('sha256').update(text).digest('hex')).toBe(apacheLicense);
});
