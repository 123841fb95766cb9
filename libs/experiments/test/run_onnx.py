"""Logits and probabilities of ONNX models.

usage: run_onnx.py MODEL...     reads {"pixels", "dims"} from stdin as JSON, prints {name: [logits, probabilities]} as JSON
"""
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime

given = json.load(sys.stdin)
pixels = np.asarray(given["pixels"], np.float32).reshape(given["dims"])


def run(model: str) -> list[list[float]]:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    outputs = session.run(["logits", "probabilities"], {"pixels": pixels})
    return [values.ravel().tolist() for values in outputs]


print(json.dumps({Path(model).stem: run(model) for model in sys.argv[1:]}))
