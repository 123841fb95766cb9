"""The study's search over alpha the way of the original, in one process, one value after the other: keras_search.py FOLDER EPOCHS

Label relaxation, simple_dense on MNIST (IDX files in FOLDER), the paper's hyper-parameters, seed 0: trains with each of
the seven values and scores it on the validation part, then trains with the best on the whole training part and scores
that on the test part. Tracks nothing. Prints {"best_alpha", "accuracy", "ece"} as the last line.
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "peers"))

import numpy as np
import tensorflow as tf

from keras_networks import network

ALPHAS = [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4]
BATCH, SEED, BINS = 64, 0, 15


def read(folder, name, header):
    return np.frombuffer(Path(folder, name).read_bytes(), np.uint8, offset=header)


def label_relaxation(alpha):
    def loss(targets, probabilities):
        p = tf.clip_by_value(tf.reduce_sum(targets * probabilities, axis=-1), 1e-7, 1 - 1e-7)
        divergence = (1 - alpha) * tf.math.log((1 - alpha) / p) + alpha * tf.math.log(alpha / (1 - p))
        return tf.where(p >= 1 - alpha, 0.0, divergence)

    return loss


def expected_calibration_error(probabilities, labels):
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gap = np.bincount(bins, confidence, BINS) - np.bincount(bins, right, BINS)
    return float(np.abs(gap).sum() / len(labels))


folder, epochs = sys.argv[1], int(sys.argv[2])
parts = ("train", "t10k")
images = np.concatenate([read(folder, f"{part}-images-idx3-ubyte", 16) for part in parts])
images = images.reshape(-1, 28, 28, 1).astype(np.float32) / 255
labels = np.concatenate([read(folder, f"{part}-labels-idx1-ubyte", 8) for part in parts])


def split(size, held_out):
    order = np.random.RandomState(SEED).permutation(size)
    return order[held_out:], order[:held_out]


def fit_and_score(alpha, train, scored, validate):
    mean = images[train].mean(axis=0)
    tf.keras.backend.clear_session()
    tf.keras.utils.set_random_seed(SEED)
    model = network("simple_dense", (28, 28, 1))
    optimizer = tf.keras.optimizers.legacy.SGD(0.05, momentum=0.9, nesterov=True, decay=1e-5)
    model.compile(loss=label_relaxation(alpha), metrics=["accuracy"], optimizer=optimizer)
    targets = tf.keras.utils.to_categorical(labels, 10)
    held_out = images[scored] - mean
    validation = (held_out, targets[scored]) if validate else None
    model.fit(
        images[train] - mean,
        targets[train],
        validation_data=validation,
        batch_size=BATCH,
        epochs=epochs,
        verbose=0,
    )
    probabilities = model.predict(held_out, batch_size=BATCH, verbose=0)
    accuracy = float((probabilities.argmax(axis=1) == labels[scored]).mean())
    return accuracy, expected_calibration_error(probabilities, labels[scored])


rest, test = split(len(images), -(-len(images) // 7))
inner_train, inner_validation = split(len(rest), -(-len(rest) // 4))
trials = [(fit_and_score(alpha, rest[inner_train], rest[inner_validation], True)[0], alpha) for alpha in ALPHAS]
best = max(trials)[1]
accuracy, ece = fit_and_score(best, rest, test, False)
print(json.dumps({"best_alpha": best, "accuracy": accuracy, "ece": ece}))
