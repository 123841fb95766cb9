import { createWriteStream, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * Does one step, says so on file descriptor 3, and then as many steps as each line of standard input asks for
 * (see `Contender`).
 *
 * @param version what the steps run on
 */
export async function serve(step: () => Promise<unknown>, version: string): Promise<void> {
  const answers = createWriteStream('', { fd: 3 });
  const answer = (message: unknown): boolean => answers.write(`${JSON.stringify(message)}\n`);

  const memory = process.memoryUsage.rss() / 2 ** 20;
  const value = await step();
  answer({ version, memory, value: typeof value === 'number' ? value : null });
  for await (const line of createInterface({ input: process.stdin })) {
    const ms: number[] = [];
    for (let i = 0; i < Number(line); i += 1) {
      const start = performance.now();
      await step();
      ms.push(performance.now() - start);
    }
    answer({ ms });
  }
}

/** Has Linux forget how much memory this process has held: its peak is counted from here on. Elsewhere it stays as it is. */
export function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // There is no such file.
  }
}
