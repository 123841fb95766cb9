import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { whenMounts } from '../../../tools/test/mounts';
import { smallDisk } from '../../../tools/test/small-disk';
import { writeReportFile } from './write-report-file';

whenMounts(it)(
  'a report that finds the disk full says so in one line, and the one before stays whole',
  async () => {
    const disk = smallDisk(2);
    try {
      const file = join(disk.folder, 'tables', 'report.md');
      const before = 'before '.repeat(10_000);
      await writeReportFile(file, before);
      disk.leave(20_000);
      await expect(writeReportFile(file, 'after '.repeat(10_000))).rejects.toThrow(
        /^\/\S+\/report\.md cannot be written: ENOSPC: [^\n]*$/u,
      );
      expect(readFileSync(file, 'utf8')).toBe(before);
      expect(readdirSync(join(disk.folder, 'tables'))).toEqual(['report.md']);
    } finally {
      disk.leave();
      disk.remove();
    }
  },
);
