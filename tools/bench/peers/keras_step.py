"""One of the study's training steps in Keras, compiled: keras_step.py NETWORK PRECISION BATCH HEIGHT WIDTH CHANNELS

PRECISION is float32 or bfloat16 (Keras's mixed policy). Speaks the protocol of protocol.py.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import tensorflow as tf

from keras_networks import network
from protocol import serve

name, precision, *sizes = sys.argv[1:]
batch, *shape = map(int, sizes)
if precision == "bfloat16":
    tf.keras.mixed_precision.set_global_policy("mixed_bfloat16")

model = network(name, shape)
model.compile(
    loss="categorical_crossentropy",
    metrics=["accuracy"],
    optimizer=tf.keras.optimizers.legacy.SGD(0.01, momentum=0.9, nesterov=True, decay=1e-5),
)
images = tf.random.stateless_uniform((batch, *shape), (1, 2), -0.5, 0.5)
labels = tf.one_hot(tf.random.stateless_uniform((batch,), (3, 4), 0, 10, tf.int32), 10)
batches = iter(tf.data.Dataset.from_tensors((images, labels)).repeat())
train = model.make_train_function()

serve(lambda: float(train(batches)["loss"]), f"Keras {keras.__version__} (TensorFlow {tf.__version__})")
