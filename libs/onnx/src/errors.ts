/** A network, a calibrator or a file that cannot be turned into ONNX; the message says what and what to do. */
export class OnnxError extends Error {
  override readonly name = 'OnnxError';
}
