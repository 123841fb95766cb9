"""Unpacks TensorFlow's library and the headers of its C API and of its ops: unpack_wheel.py WHEEL FOLDER."""

import pathlib
import shutil
import sys
import zipfile

HEADERS = (
    "tensorflow/c/",
    "tensorflow/core/",
    "tsl/",
    "xla/tsl/",
    "absl/",
    "google/protobuf/",
    "ml_dtypes/",
    "Eigen/",
    "unsupported/Eigen/",
)
LINKS = {
    "libtensorflow_cc.so.2": "libtensorflow.so",
    "libtensorflow_framework.so.2": "libtensorflow_framework.so",
    "libtensorflow_cc.2.dylib": "libtensorflow.2.dylib",
}

wheel, folder = sys.argv[1], pathlib.Path(sys.argv[2])
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if name.endswith("/"):
            continue
        place = name.removeprefix("tensorflow/")
        if place.startswith("libtensorflow_") and "/" not in place:
            target = folder / "lib" / place
        elif place.startswith(tuple("include/" + header for header in HEADERS)):
            target = folder / place
        else:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(name) as source, open(target, "wb") as sink:
            shutil.copyfileobj(source, sink, 1 << 20)
for name, link in LINKS.items():
    if (folder / "lib" / name).exists():
        (folder / "lib" / link).symlink_to(name)
