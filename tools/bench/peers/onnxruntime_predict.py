"""Predicts images by an ONNX model, all of them in a step: onnxruntime_predict.py MODEL COUNT"""

import sys

import numpy as np
import onnxruntime

from protocol import serve

CHUNK = 256

session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
shape = [int(sys.argv[2]), *session.get_inputs()[0].shape[1:]]
pixels = (np.arange(np.prod(shape)) % 256).astype(np.uint8).reshape(shape)


def predict():
    for start in range(0, len(pixels), CHUNK):
        session.run(["probabilities"], {"pixels": pixels[start : start + CHUNK].astype(np.float32)})


serve(predict, f"onnxruntime {onnxruntime.__version__} in Python")
