import { ArtifactCalls } from './calls/artifacts';
import { resolveConnection, type ConnectionOptions } from './connection';
import { Http } from './http';

/**
 * One method an endpoint of MLflow's REST API, over connections that are kept open. Each method throws an `MlflowError`;
 * those that can be repeated safely are retried as the connection says.
 */
export class MlflowClient extends ArtifactCalls {
  /** Throws an `MlflowError` if no server is named or an option is wrong; nothing is sent yet. */
  constructor(options: ConnectionOptions = {}) {
    super(new Http(resolveConnection(options)));
  }

  /** The server's address, without a trailing slash. */
  get trackingUri(): string {
    return this.connection.trackingUri;
  }

  /** The page of a run in MLflow's UI. */
  runUrl(experimentId: string, runId: string): string {
    return `${this.trackingUri}/#/experiments/${experimentId}/runs/${runId}?workflowType=machine_learning`;
  }

  /** The page of an experiment's runs in MLflow's UI. */
  experimentUrl(experimentId: string): string {
    return `${this.trackingUri}/#/experiments/${experimentId}/runs?workflowType=machine_learning`;
  }
}
