import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSpace } from './space.cjs';

const folder = join(tmpdir(), 'not', 'there');

it('adds up what one disk will hold, and says where to turn if that is too much', () => {
  expect(() => checkSpace([{ folder, megabytes: 1 }])).not.toThrow();
  const half = 4e12;
  const needs = [folder, tmpdir()].map((place) => ({ folder: place, megabytes: half }));
  expect(() => checkSpace(needs)).toThrow(
    new RegExp(
      `^set-up needs ${2 * half} MB of disk space at ${folder}, but only \\d+ MB are free: make room, or set `,
    ),
  );
});
