"""The study's first epoch of simple_dense on MNIST with Keras's fit: keras_epoch.py FOLDER

From the files (IDX, in FOLDER) to validated metrics. Prints the validation accuracy as the last line.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import tensorflow as tf

from keras_networks import network

BATCH, SEED = 64, 0


def read(folder, name, header):
    return np.frombuffer(Path(folder, name).read_bytes(), np.uint8, offset=header)


folder = sys.argv[1]
parts = ("train", "t10k")
images = np.concatenate([read(folder, f"{part}-images-idx3-ubyte", 16) for part in parts])
images = images.reshape(-1, 28, 28, 1).astype(np.float32) / 255
labels = np.concatenate([read(folder, f"{part}-labels-idx1-ubyte", 8) for part in parts])
targets = tf.keras.utils.to_categorical(labels, 10)

order = np.random.RandomState(SEED).permutation(len(images))
rest = order[len(images) // 7 :]
validation, train = np.split(rest, [len(rest) // 4])
mean = images[train].mean(axis=0)

tf.keras.utils.set_random_seed(SEED)
model = network("simple_dense", (28, 28, 1))
model.compile(
    loss="categorical_crossentropy",
    metrics=["accuracy"],
    optimizer=tf.keras.optimizers.legacy.SGD(0.05, momentum=0.9, nesterov=True, decay=1e-5),
)
history = model.fit(
    images[train] - mean,
    targets[train],
    validation_data=(images[validation] - mean, targets[validation]),
    batch_size=BATCH,
    epochs=1,
    verbose=0,
)
print(history.history["val_accuracy"][-1])
