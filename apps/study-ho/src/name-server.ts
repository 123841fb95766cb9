/**
 * Makes an address that a flag gave the MLflow server of this process and of those that it starts. They inherit user and password with it,
 * which are in no address that is logged, put on the queue or told to another process.
 */
export function nameServer(trackingUri: string): void {
  process.env['MLFLOW_TRACKING_URI'] = trackingUri;
}
