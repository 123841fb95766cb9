import { pageStyle } from '@label-relaxation/confidence';
import { UsageError } from '@label-relaxation/experiments';
import { bundle } from '../server/bundle';
import { parseFlags } from '../server/flags';
import { serveUntilStopped } from '../server/serve';
import type { Site } from '../server/site';
import { pageFile } from '../server/site';
import { body } from './body';
import { style } from './style';

const usage = `npm run inspect -- [flags]

Serves a page to this machine alone that shows how confident predictions are: drop a CSV or .npz file of logits or
probabilities with labels, or two to compare. Nothing leaves the browser.

  --port  port of the page (otherwise one that is free)
  --help  show this text
`;

/** The page and its programs. */
export async function inspectSite(): Promise<Site> {
  const page = pageFile({
    title: 'Inspect predictions',
    description: 'How confident predictions are, and with what right',
    style: pageStyle + style,
    body,
    program: '/inspect/page.js',
  });
  return new Map([['/', page], ...(await bundle(['inspect/page', 'inspect/worker']))]);
}

/** `npm run inspect`: serves the page until it is stopped. */
export async function inspect(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { port, help, words } = parseFlags(args);
  if (help) {
    process.stdout.write(usage);
    return 0;
  }
  if (words.length > 0) throw new UsageError(`${words[0]}: files are dropped on the page; --help tells more`);
  return serveUntilStopped(await inspectSite(), {
    title: 'Inspect predictions',
    port,
    connect: "'none'",
    signal,
  });
}
