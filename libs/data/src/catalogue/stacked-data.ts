/** What is read from a published dataset's files: its train and its test part, stacked. */
export interface StackedData {
  /** Pixels 0-255, [examples, height, width, channels] in row-major order. */
  readonly images: Uint8Array;
  /** Class numbers from 0, [examples]. */
  readonly labels: Uint8Array;
  /** How many of the examples, from the first on, are the train part. */
  readonly trainSize: number;
}
