import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { whenMounts } from '../../../tools/test/mounts';
import { smallDisk, type SmallDisk } from '../../../tools/test/small-disk';
import { download } from '../src/download/download';
import { serve, startServer } from './file-server';
import { folderWith, removeFolders } from './folders';
import { load } from './load';

let disk: SmallDisk;
beforeAll(() => (disk = smallDisk(4)));
afterEach(() => {
  disk.leave();
  removeFolders();
});
afterAll(() => disk.remove());

whenMounts(it)(
  'data that the cache has no room to prepare are refused in one line, and nothing of them stays',
  async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `${i % 7},${i % 5},${i % 2 ? 'b' : 'a'}`);
    const table = join(folderWith({ 'table.csv': ['x,y,label', ...rows, ''].join('\n') }), 'table.csv');
    disk.leave(50_000);
    await expect(load(table, { cacheDir: disk.folder, memory: 1000 })).rejects.toThrow(
      /^\/\S+\/prepared(\/\w+\.bin)?: has no room for \d+ MB of prepared data; free some[^\n]*$/u,
    );
    expect(readdirSync(join(disk.folder, 'prepared'))).toEqual([]);
    disk.leave();
    const { dataset } = await load(table, { cacheDir: disk.folder, memory: 1000 });
    expect(dataset.size).toBe(20_000);
    await dataset.close();
  },
);

whenMounts(it)(
  'a download that the cache has no room for says so, keeps other files whole, and goes on when there is room',
  async () => {
    const content = Buffer.alloc(600_000, 'abc');
    const other = join(disk.folder, 'other');
    writeFileSync(other, 'whole');
    let sent = 0;
    const server = await startServer((request, response) => {
      sent += content.length - Number(/\d+/u.exec(request.headers.range ?? '0')?.[0]);
      serve(content)(request, response);
    });
    const options = {
      address: `${server.address}file`,
      destination: join(disk.folder, 'file'),
      verify: async (path: string) => expect(readFileSync(path).equals(content)).toBe(true),
    };
    try {
      disk.leave(200_000);
      await expect(download(options)).rejects.toThrow(
        /^\/\S+: cannot be written \(.*ENOSPC.*\); make room there or choose another cache folder \(\w+\)\.$/u,
      );
      expect(readdirSync(disk.folder)).not.toContain('file');
      disk.leave();
      await download(options);
    } finally {
      await server.stop();
    }
    expect(sent).toBeLessThan(2 * content.length);
    expect(readFileSync(options.destination).equals(content)).toBe(true);
    expect(readFileSync(other, 'utf8')).toBe('whole');
  },
);
