/** Sends the journals of a folder and prints the report. */
import { syncJournal, type SyncOptions } from '../../src/index';

void syncJournal(JSON.parse(process.argv[2] ?? '{}') as SyncOptions).then((report) =>
  console.log(JSON.stringify(report)),
);
