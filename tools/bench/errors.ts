/** What a user of the benchmark can put right; the message is one complete line. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
}
