import { TrialProcess } from './trial-process';

/**
 * The places where runs are performed: at most `size` at a time, each in a process that stays for the next run. TensorFlow's
 * threads are divided among as many runs as there will be at a time, so that the last one alone gets all of them.
 */
export class Slots {
  readonly #idle: TrialProcess[] = [];
  readonly #processes = new Set<TrialProcess>();
  readonly #waiting: ((process: TrialProcess) => Promise<void>)[] = [];
  readonly #watchers: (() => void)[] = [];
  /** When each run that goes on began, in milliseconds. */
  readonly #running = new Set<{ readonly since: number }>();
  /** How long the run took that ended last; without end as long as none has. */
  #lastMs = Infinity;

  /** `threads` is each process's number of threads; 0 divides `cores`. */
  constructor(
    readonly size: number,
    private readonly cores: number,
    private readonly threads: number,
    private readonly startProcess = (count: number) => new TrialProcess(count),
  ) {}

  /** Set while more runs will come than are known yet. */
  expectsMore = false;

  /** Resolves once a run would not have to wait. */
  async whenFree(): Promise<void> {
    while (this.#running.size + this.#waiting.length >= this.size) {
      await new Promise<void>((resolve) => this.#watchers.push(resolve));
    }
  }

  /** Performs a task when there is room, an urgent one before all that wait. */
  run<T>(task: (process: TrialProcess) => Promise<T>, urgent = false): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const start = (process: TrialProcess) => task(process).then(resolve, reject);
      if (urgent) this.#waiting.unshift(start);
      else this.#waiting.push(start);
      queueMicrotask(() => this.#fill());
    });
  }

  /** Ends all processes. */
  async close(): Promise<void> {
    await Promise.all([...this.#processes].map((process) => process.end()));
  }

  #fill(): void {
    while (this.#running.size < this.size) {
      const start = this.#waiting.shift();
      if (!start) return;
      const process = this.#takeProcess();
      const run = { since: performance.now() };
      this.#running.add(run);
      void start(process).finally(() => {
        this.#running.delete(run);
        this.#lastMs = performance.now() - run.since;
        this.#idle.push(process);
        this.#fill();
        for (const watcher of this.#watchers.splice(0)) watcher();
      });
    }
  }

  /** A process with enough threads: an idle one, else a new one; idle ones with too few are of no use any more. */
  #takeProcess(): TrialProcess {
    const wanted = this.#threadsNow();
    const idle = this.#idle.splice(0);
    const fitting = idle.filter((process) => process.usable && process.threads >= wanted);
    for (const process of idle) if (!fitting.includes(process)) this.#drop(process);
    const taken = fitting.shift() ?? this.startProcess(wanted);
    this.#processes.add(taken);
    this.#idle.push(...fitting);
    return taken;
  }

  #drop(process: TrialProcess): void {
    this.#processes.delete(process);
    void process.end();
  }

  #threadsNow(): number {
    if (this.threads > 0) return this.threads;
    const coming = this.expectsMore ? this.size : 1 + this.#stayingRuns() + this.#waiting.length;
    return Math.max(1, Math.floor(this.cores / Math.min(this.size, coming)));
  }

  /** How many runs will go on beside one that starts now: not those that are past half of what the last one took. */
  #stayingRuns(): number {
    const half = performance.now() - this.#lastMs / 2;
    return [...this.#running].filter(({ since }) => since > half).length;
  }
}
