/** Computes a part of a bootstrap's values in a thread of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import '../measures';
import { valuesOf } from '../bootstrap/task';
import type { ThreadRequest } from './bootstrap';

const { task, from, to } = workerData as ThreadRequest;
parentPort?.postMessage(valuesOf(task, from, to));
