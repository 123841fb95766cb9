"""Logs metric points with MLflow's own client and prints the seconds from the first call to the return of the last.

Arguments: tracking URI, experiment id, points, what to call (log_batch in chunks of 1,000, or log_metric). Prints JSON."""

import json
import sys
import time

from mlflow.entities import Metric
from mlflow.tracking import MlflowClient

KEYS = ["loss", "accuracy", "val_loss", "val_accuracy"]
CHUNK = 1000

uri, experiment, points, what = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
client = MlflowClient(uri)
run = client.create_run(experiment).info.run_id
begun = time.perf_counter()
if what == "log_batch":
    for first in range(0, points, CHUNK):
        now = int(time.time() * 1000)
        metrics = [
            Metric(KEYS[i % 4], 1 / (i + 1), now, i // 4) for i in range(first, min(points, first + CHUNK))
        ]
        client.log_batch(run, metrics=metrics)
else:
    for i in range(points):
        client.log_metric(run, KEYS[i % 4], 1 / (i + 1), step=i // 4)
seconds = time.perf_counter() - begun
client.set_terminated(run)
print(json.dumps({"run_id": run, "seconds": seconds}))
