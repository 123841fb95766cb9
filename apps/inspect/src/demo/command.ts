import { ensureTrackingServer, UsageError } from '@label-relaxation/experiments';
import { parseFlags } from '../server/flags';
import { serveUntilStopped } from '../server/serve';
import { fetchRuns } from './fetch-runs';
import { readSamples } from './samples';
import { demoSite } from './demo-site';

const usage = `npm run demo -- RUN_ID [RUN_ID] [flags]

Serves a page to this machine alone that tries the model of a finished run, beside that of a second one: draw a digit,
or drop a picture. The models run in the browser.

  --tracking_uri  address of the MLflow server (otherwise MLFLOW_TRACKING_URI, or this checkout's own server)
  --data_dir      folder of the first run's data, whose pictures can be tried, if they are no longer where they were
  --port          port of the page (otherwise one that is free)
  --help          show this text
`;

/** `npm run demo`: fetches the runs and serves the page until it is stopped. */
export async function demo(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { port, help, words, texts } = parseFlags(args, ['tracking_uri', 'data_dir']);
  if (help) {
    process.stdout.write(usage);
    return 0;
  }
  if (words.length === 0 || words.length > 2)
    throw new UsageError('demo takes the ids of one or two runs: npm run demo -- RUN_ID [RUN_ID]');
  await ensureTrackingServer(texts.tracking_uri, signal);
  const place = { ...(texts.tracking_uri ? { trackingUri: texts.tracking_uri } : {}), signal };
  const runs = await fetchRuns(words, place);
  const samples = await readSamples(words[0]!, {
    ...place,
    ...(texts.data_dir ? { dataDir: texts.data_dir } : {}),
  });
  return serveUntilStopped(await demoSite(runs, samples), {
    title: 'Try a model',
    port,
    connect: "'self'",
    signal,
  });
}
