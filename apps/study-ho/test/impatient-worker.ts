/** A worker of study-ho whose jobs are taken over sooner than a user's. */
import { runCommand } from '@label-relaxation/experiments';
import { work } from '../src/worker';

const settings = JSON.parse(process.argv[2] ?? '') as { redis: string; lockMs: number; trackingUri: string };
const { redis, lockMs, trackingUri } = settings;

void runCommand((signal) => work({ redis, tracking_uri: trackingUri, threads: 1 }, signal, { lockMs }));
