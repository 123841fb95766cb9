import type { KeyValue, MetricEntity } from './types';
import { limits } from './validation';

/** What one `runs/log-batch` carries. */
export interface Batch {
  metrics: MetricEntity[];
  params: KeyValue[];
  tags: KeyValue[];
}

/** Collects metrics, params and tags into batches that stay within every limit of the server. */
export class BatchBuilder {
  private current = emptyBatch();
  private keys = { params: new Set<string>(), tags: new Set<string>() };
  private bytes = 0;
  private readonly full: Batch[] = [];

  addMetric(metric: MetricEntity): void {
    const bytes = size(metric);
    if (this.current.metrics.length >= limits.batchMetrics || !this.fits(bytes)) this.cut();
    this.current.metrics.push(metric);
    this.bytes += bytes;
  }

  addParam(param: KeyValue): void {
    this.addText('params', param, limits.batchParams);
  }

  addTag(tag: KeyValue): void {
    this.addText('tags', tag, limits.batchTags);
  }

  /** All batches, in order; the builder is empty afterwards. */
  take(): Batch[] {
    this.cut();
    return this.full.splice(0);
  }

  /** A key may be in a batch only once, and the later value must come second. */
  private addText(kind: 'params' | 'tags', entry: KeyValue, limit: number): void {
    const bytes = size(entry);
    if (this.current[kind].length >= limit || this.keys[kind].has(entry.key) || !this.fits(bytes)) this.cut();
    this.current[kind].push(entry);
    this.keys[kind].add(entry.key);
    this.bytes += bytes;
  }

  private fits(bytes: number): boolean {
    return count(this.current) < limits.batchItems && this.bytes + bytes <= limits.batchBytes;
  }

  private cut(): void {
    if (count(this.current) === 0) return;
    this.full.push(this.current);
    this.current = emptyBatch();
    this.keys = { params: new Set(), tags: new Set() };
    this.bytes = 0;
  }
}

/** Metrics, params and tags in a batch. */
export function count(batch: Batch): number {
  return batch.metrics.length + batch.params.length + batch.tags.length;
}

/** Two batches that together hold what `batch` holds, neither empty if it holds two or more; for finding the entry that the server refuses. */
export function halve(batch: Batch): [Batch, Batch] {
  const first = emptyBatch();
  const second = emptyBatch();
  let room = Math.ceil(count(batch) / 2);
  const share = <T>(from: T[], one: T[], other: T[]): void => {
    one.push(...from.slice(0, room));
    other.push(...from.slice(room));
    room -= one.length;
  };
  share(batch.params, first.params, second.params);
  share(batch.metrics, first.metrics, second.metrics);
  share(batch.tags, first.tags, second.tags);
  return [first, second];
}

function emptyBatch(): Batch {
  return { metrics: [], params: [], tags: [] };
}

/** Bytes of the entry in JSON, with the comma. */
function size(entry: object): number {
  return Buffer.byteLength(JSON.stringify(entry)) + 1;
}
