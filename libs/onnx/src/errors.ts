/** A network, a calibrator or a file that cannot be turned into ONNX; the message says what and what to do. */
export class OnnxError extends Error {
  override readonly name = 'OnnxError';

  /** Names of layers and weights are quoted without line ends and other characters that control a terminal. */
  constructor(message: string, options?: ErrorOptions) {
    super(message.replace(/[\u0000-\u001f\u007f-\u009f]+/gu, ' '), options);
  }
}
