import { Abandoned } from './errors';

/**
 * The right to work on a job of the queue. It is the queue's own lock, told in time: it is extended over and over, and each success holds
 * until a moment before which the lock cannot have run out, whatever happened to this process meanwhile. Another worker gets the job only
 * after that moment, so that whoever looks at the clock before it stores something stores nothing of a job that went elsewhere.
 */
export class JobLease {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #until = 0;
  #asking = false;

  /** `extend` sets the lock to `lockMs` from now if it is this worker's still, and tells whether it was. */
  private constructor(
    private readonly extend: () => Promise<boolean>,
    private readonly lockMs: number,
  ) {
    this.#timer = setInterval(() => void this.#renew(), lockMs / 6);
  }

  static async begin(extend: () => Promise<boolean>, lockMs: number): Promise<JobLease> {
    const lease = new JobLease(extend, lockMs);
    await lease.#ask();
    return lease;
  }

  /** Milliseconds since 1970 at which the lease ends, unless it is extended before. */
  get until(): number {
    return this.#until;
  }

  /** Aborted once the job may be another worker's. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Throws Abandoned if the job may be another worker's. */
  check(): void {
    if (Date.now() > this.#until) this.#lose();
    this.signal.throwIfAborted();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #renew(): Promise<void> {
    if (Date.now() > this.#until) this.#lose();
    else if (!this.#asking) await this.#ask();
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    const asked = Date.now();
    try {
      if (!(await this.extend())) this.#lose();
      // A sixth of its time is left for what is under way to arrive.
      else this.#until = asked + (5 / 6) * this.lockMs;
    } catch {
      // Redis is away: it is asked again as long as the lease lasts.
    } finally {
      this.#asking = false;
    }
  }

  #lose(): void {
    this.close();
    this.#until = 0;
    this.#controller.abort(new Abandoned('another worker has taken it over, or may have'));
  }
}
