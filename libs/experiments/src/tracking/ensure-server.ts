import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { RunError, UsageError } from '../errors';
import { checkTrackingUri } from '../parameters/tracking-uri';

/** Names a program that starts an MLflow server unless it runs, and prints its address: this checkout's own one. */
export const serverVariable = 'LABEL_RELAXATION_SERVER';

/**
 * Sees to it that a command which is about to need a tracking server has one: the one that it was told of, that of
 * MLFLOW_TRACKING_URI, or the one that the program LABEL_RELAXATION_SERVER starts, which is then in MLFLOW_TRACKING_URI.
 *
 * @throws UsageError if none is named, or not by an http(s) address; RunError if it does not start; the signal's reason
 */
export async function ensureTrackingServer(
  given: string | null | undefined,
  signal?: AbortSignal,
): Promise<void> {
  const named = given || process.env['MLFLOW_TRACKING_URI'];
  const program = process.env[serverVariable];
  if (named) checkTrackingUri(named);
  else if (program) process.env['MLFLOW_TRACKING_URI'] = await addressFrom(program, signal);
  else
    throw new UsageError(
      'no tracking server is named: give --tracking_uri or set MLFLOW_TRACKING_URI, such as http://127.0.0.1:5000',
    );
}

/** Detached, as a Ctrl-C is for this process: the server that is being started stays for the next command. */
async function addressFrom(program: string, signal?: AbortSignal): Promise<string> {
  const child = spawn(process.execPath, [program, 'ensure'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const stop = () => child.kill();
  signal?.addEventListener('abort', stop, { once: true });
  const [address, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  if (code !== 0)
    throw new RunError(
      'no MLflow server could be started: see above, or name another one with --tracking_uri',
    );
  return address.trim();
}
