"""Decodes a folder of JPEG photographs in class folders in each step: decode.py tensorflow|torchvision FOLDER SIDE

SIDE is what they are resized to, without aliases; 0 leaves them as they are.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from protocol import serve

module, folder, side = sys.argv[1:]
side = int(side)

if module == "tensorflow":
    import tensorflow as tf

    def read(file):
        image = tf.io.decode_jpeg(tf.io.read_file(file), channels=3)
        return tf.image.resize(image, (side, side), antialias=True) if side else image

    files = tf.data.Dataset.list_files(f"{folder}/*/*.jpg", shuffle=False)
    images = files.map(read, num_parallel_calls=tf.data.AUTOTUNE).batch(64).prefetch(tf.data.AUTOTUNE)

    def step():
        return float(sum(int(tf.size(batch)) for batch in images))

    version = f"TensorFlow {tf.__version__}"
else:
    import torch
    import torchvision
    import torchvision.transforms.v2
    from torchvision.io import ImageReadMode, decode_image

    def read(file):
        image = decode_image(file, mode=ImageReadMode.RGB)
        return torchvision.transforms.v2.functional.resize(image, [side, side], antialias=True) if side else image

    photographs = torchvision.datasets.ImageFolder(folder, loader=read)
    loader = torch.utils.data.DataLoader(
        photographs, batch_size=64, num_workers=os.cpu_count() or 1, persistent_workers=True
    )

    def step():
        return float(sum(batch.numel() for batch, _ in loader))

    version = f"torchvision {torchvision.__version__} (PyTorch {torch.__version__})"

serve(step, version)
