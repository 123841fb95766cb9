"""Loads a model through MLflow as anybody would and prints what it predicts. Arguments: tracking URI, model URI, inputs as JSON."""

import json
import sys

import mlflow
import numpy as np

mlflow.set_tracking_uri(sys.argv[1])
model = mlflow.pyfunc.load_model(sys.argv[2])
inputs = np.array(json.loads(sys.argv[3]), dtype=np.float32)
print(json.dumps(np.array(model.predict({"images": inputs})["logits"]).tolist()))
