import fc from 'fast-check';
import { figures } from './long';

/** A seed for all, so that a failure is found again. */
const seed = 20;
/** Seconds that one input may take; a hundred times what any takes on a busy machine. */
const patience = 60;

/** Errors that come from a reader's inside, where it took something for what it isn't. */
const insides = /^(TypeError|RangeError|ReferenceError|SyntaxError)/u;
const insideWords =
  /Cannot (read|set|mix|convert|destructure)|is not (a function|iterable|defined)|Invalid (typed )?array (buffer )?length|call stack|The value of .* is out of range|out of (bounds|memory)|must be of type/u;

/** A reader that is given what may be damaged. */
export interface Fuzzed<I, T> {
  readonly inputs: fc.Arbitrary<I>;
  readonly runs: number;
  readonly read: (input: I) => T | Promise<T>;
  /** The names of the errors by which it refuses. */
  readonly refusals: readonly string[];
  /** Throws where what was read cannot be right. */
  readonly check?: (value: T, input: I) => void | Promise<void>;
  /** The most by which the process's memory may grow, in MB. */
  readonly megabytes?: number;
}

/** How many inputs a reader took, and how many it refused. */
export interface Fuzzing {
  readonly taken: number;
  readonly refused: number;
}

/**
 * Gives a reader many inputs. Each is read in bounded time and memory, as something that can be right, or refused by an error of the
 * reader's own, in one line that is not about the reader's inside.
 */
export async function fuzz<I, T>({
  inputs,
  runs,
  read,
  refusals,
  check,
  megabytes = 512,
}: Fuzzed<I, T>): Promise<Fuzzing> {
  const counts = { taken: 0, refused: 0 };
  const before = process.resourceUsage().maxRSS;
  await fc.assert(
    fc.asyncProperty(inputs, async (input) => {
      const start = process.cpuUsage();
      const outcome = await within(patience, async () => {
        try {
          return { value: await read(input) };
        } catch (error) {
          return { error };
        }
      });
      const seconds = process.cpuUsage(start).user / 1e6;
      if (seconds > patience) throw new Error(`it computed for ${seconds} s`);
      if ('error' in outcome) {
        checkRefusal(outcome.error, refusals);
        counts.refused++;
      } else {
        await check?.(outcome.value, input);
        counts.taken++;
      }
    }),
    { numRuns: runs, seed, endOnFailure: false },
  );
  const grown = (process.resourceUsage().maxRSS - before) / 1024;
  if (grown > megabytes) throw new Error(`reading took ${grown.toFixed(0)} MB`);
  figures(expect.getState().currentTestName ?? '', { ...counts, megabytes: Math.round(grown) });
  return counts;
}

function checkRefusal(error: unknown, refusals: readonly string[]): void {
  const { name, message, stack } = error as Error;
  if (!refusals.includes(name) || insides.test(name)) {
    throw new Error(`it failed with ${name}: ${message}\n${stack}`, { cause: error });
  }
  if (message.includes('\n') || message === '')
    throw new Error(`its message is not one line: ${JSON.stringify(message)}`);
  if (insideWords.test(message))
    throw new Error(`its message tells of its inside: ${message}\n${stack}`, { cause: error });
}

/** Waits for so many seconds in which this process runs: those in which it is stopped do not count. */
async function within<T>(seconds: number, body: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    let left = seconds;
    timer = setInterval(() => {
      left -= 1;
      if (left === 0) reject(new Error('it does not come to an end'));
    }, 1000);
  });
  try {
    return await Promise.race([body(), late]);
  } finally {
    clearInterval(timer);
  }
}
