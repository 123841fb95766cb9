import { RunError, UsageError } from '@label-relaxation/experiments';
import { withoutCredentials } from '@label-relaxation/tracking';
import type { ConnectionOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { messageOf } from '../errors';
import type { Study } from '../study/study';
import type { StudyPlace } from '../mlflow/tracked-study';

export const queueName = 'label-relaxation-study';

/** What a worker gets of a trial, or of a study's final run. */
export interface StudyJob {
  readonly study: Study;
  readonly place: StudyPlace;
  readonly trackingUri: string;
  readonly part: number | 'final';
}

/** Whether a job's data, which come from Redis, are those of a study's part. */
export function isStudyJob(data: unknown): data is StudyJob {
  const { study, place, trackingUri, part } = fieldsOf(data);
  const { name, key, alphas, parameters } = fieldsOf(study);
  const texts = [name, key, trackingUri, ...['experimentId', 'parentRunId'].map((id) => fieldsOf(place)[id])];
  return (
    texts.every((text) => typeof text === 'string' && text !== '') &&
    URL.canParse(trackingUri as string) &&
    Array.isArray(alphas) &&
    alphas.every((alpha) => typeof alpha === 'number') &&
    (part === 'final' || (alphas as unknown[]).includes(part)) &&
    typeof fieldsOf(parameters)['model_name'] === 'string'
  );
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** A job's id: there is one for each part of a study, however often the study is put on the queue. */
export function jobId({ parentRunId }: StudyPlace, part: StudyJob['part']): string {
  return `${parentRunId}-${part}`;
}

/** The address of the Redis server: that given, else REDIS_URL, else the default one. Throws a UsageError. */
export function redisAddress(given: string | null | undefined): string {
  const address = given ?? (process.env['REDIS_URL'] || 'redis://127.0.0.1:6379');
  if (!isRedisAddress(address)) {
    throw new UsageError(
      `--redis takes an address such as redis://127.0.0.1:6379, not "${withoutCredentials(address)}"`,
    );
  }
  return address;
}

/** Whether a text is a whole address: an @ behind the server's name is of a password that was not encoded. */
function isRedisAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search, hash } = new URL(text);
  return /^rediss?:$/u.test(protocol) && !/[@\s]/u.test(`${pathname}${search}${hash}`);
}

/** How to connect to Redis, once it has answered. Throws a RunError if it doesn't. */
export async function connectionTo(address: string): Promise<ConnectionOptions> {
  const redis = new Redis(address, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 10_000 });
  let trouble: Error | undefined;
  redis.on('error', (error) => (trouble ??= error));
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    const [shown, said] = [withoutCredentials(address), messageOf(trouble ?? error)];
    if (/^(WRONGPASS|NOAUTH|NOPERM)/u.test(said))
      throw new RunError(`the Redis server at ${shown} does not let us in: ${said}; see --redis, REDIS_URL`);
    throw new RunError(`no Redis server answers at ${shown}: ${said}; start one, or give --redis`);
  } finally {
    redis.disconnect();
  }
  return { url: address, maxRetriesPerRequest: null };
}
