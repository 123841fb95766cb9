/** Bytes that must move within each time-out: less is no progress. */
const leastBytes = 1 << 16;

/** Aborts when next to nothing has moved for a while, or when the caller's own signal does. */
export class StallTimer {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly onAbort = () => this.controller.abort(this.outer?.reason);
  private moved = 0;
  expired = false;

  constructor(
    timeoutMs: number,
    private readonly outer: AbortSignal | undefined,
  ) {
    this.timer = setTimeout(() => {
      this.expired = true;
      this.controller.abort();
    }, timeoutMs);
    if (outer?.aborted) this.onAbort();
    else outer?.addEventListener('abort', this.onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  progress(bytes: number): void {
    this.moved += bytes;
    if (this.moved < leastBytes || this.expired) return;
    this.moved = 0;
    this.timer.refresh();
  }

  clear(): void {
    clearTimeout(this.timer);
    this.outer?.removeEventListener('abort', this.onAbort);
  }
}
