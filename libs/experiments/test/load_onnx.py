"""Loads a tracked run's model in a Python without TensorFlow, in each way that MLflow offers, and checks it by ONNX's own checker.

usage: load_onnx.py TRACKING_URI RUN_ID     reads pixels from stdin as JSON, prints one JSON object
"""
import importlib.util
import json
import sys

import mlflow
import numpy as np
import onnx
import onnxruntime

assert importlib.util.find_spec("tensorflow") is None
mlflow.set_tracking_uri(sys.argv[1])
uri = f"runs:/{sys.argv[2]}/model"
pixels = np.asarray(json.load(sys.stdin), np.float32)

proto = mlflow.onnx.load_model(uri)
onnx.checker.check_model(proto, full_check=True)
onnx.shape_inference.infer_shapes(proto, strict_mode=True)
session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
logits, probabilities = session.run(["logits", "probabilities"], {"pixels": pixels})
pyfunc = mlflow.pyfunc.load_model(uri).predict({"pixels": pixels})
print(
    json.dumps(
        {
            "logits": logits.tolist(),
            "probabilities": probabilities.tolist(),
            "pyfunc": {name: np.asarray(values).tolist() for name, values in pyfunc.items()},
            "metadata": session.get_modelmeta().custom_metadata_map,
        }
    )
)
