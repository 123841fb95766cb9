"""Loads a tracked run's model by MLflow's pyfunc, feeds it images read from stdin as JSON, prints the logits as JSON.

usage: load_model.py TRACKING_URI RUN_ID
"""
import json
import sys

import mlflow
import numpy as np

mlflow.set_tracking_uri(sys.argv[1])
model = mlflow.pyfunc.load_model(f"runs:/{sys.argv[2]}/model")
pixels = np.asarray(json.load(sys.stdin), np.float32)
print(json.dumps(np.asarray(model.predict({"pixels": pixels})["logits"]).tolist()))
