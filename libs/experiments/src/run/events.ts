/** What a run tells of itself while it goes on. */
export type RunEvent =
  | { readonly type: 'stage'; readonly message: string }
  | { readonly type: 'warning'; readonly message: string }
  /** What was asked for, of several lines. */
  | { readonly type: 'explanation'; readonly message: string }
  | {
      readonly type: 'batch';
      /** From 0. */
      readonly epoch: number;
      readonly epochs: number;
      /** Steps of this epoch that are done. */
      readonly step: number;
      readonly steps: number;
      /** Means over the epoch so far. */
      readonly loss: number;
      readonly accuracy: number;
      /** Seconds that the rest of the training is expected to take. */
      readonly secondsLeft: number;
    }
  | {
      readonly type: 'epoch';
      readonly epoch: number;
      readonly epochs: number;
      /** loss, accuracy and, with validation data, val_loss and val_accuracy. */
      readonly metrics: Readonly<Record<string, number>>;
      readonly seconds: number;
      readonly secondsLeft: number;
    };
