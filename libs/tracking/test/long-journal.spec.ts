import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { figures, tries } from '../../../tools/test/long';
import { syncJournal } from '../src';
import { AnsweringServer } from './support/answering-server';
import { temporaryFolder } from './support/workspace';

jest.setTimeout(3_600_000);

const key = 'a'.repeat(32);
const line = (record: object) => `${JSON.stringify(record)}\n`;

it('a long journal is sent in bounded memory, each point once', async () => {
  const server = new AnsweringServer();
  const folder = temporaryFolder();
  const events = tries(20_000, 1_000_000);
  const steps = new Uint8Array(events);
  let most = 0;
  try {
    const trackingUri = await server.start();
    const fd = openSync(join(folder.path, `${key}.jsonl`), 'w');
    writeSync(
      fd,
      line({ type: 'start', version: 1, key, startTime: 1, tags: [], experiment: { name: 'x' } }),
    );
    for (let step = 0; step < events; step += 1)
      writeSync(
        fd,
        line({ type: 'metrics', at: 1_700_000_000_000 + step, step, values: { loss: 1 / (step + 1) } }),
      );
    closeSync(fd);
    server.onBody = (body) => {
      for (const [, step] of body.matchAll(/"step":(\d+)/gu)) steps[Number(step)]! += 1;
      most = Math.max(most, process.memoryUsage.rss());
    };
    const before = process.memoryUsage.rss();
    const start = performance.now();
    const { runs } = await syncJournal({ journalDir: folder.path, trackingUri });
    const seconds = (performance.now() - start) / 1000;
    // The last one says that the run was killed.
    expect(runs).toMatchObject([{ outcome: 'sent', sent: events + 1, rejected: 0 }]);
    expect(steps.every((count) => count === 1)).toBe(true);
    figures('a long journal', { events, seconds, grownMB: (most - before) / 1e6 });
    // It has 70 MB for a million events; a piece of it and its requests take some.
    expect((most - before) / 1e6).toBeLessThan(200);
  } finally {
    await server.stop();
    folder.remove();
  }
});
