"""A peer's measure: metrics_step.py MEASURE PEER FOLDER CLASSES SHARE, on the predictions that metrics/data.ts wrote.

SHARE is the share of the classes, of the bootstrap's draws or, where neither fits, of the examples that a step does. Speaks the protocol of protocol.py. What is not
the peer's own, the largest probability and whether it is right, is NumPy's.
"""

import sys
import warnings
from importlib.metadata import version
from pathlib import Path

warnings.filterwarnings("ignore")

import numpy as np

from protocol import forget_peak, serve

BINS = 15
DRAWS = 1000

measure, peer, folder, classes, share = sys.argv[1:]
classes, share = int(classes), float(share)
p = np.fromfile(Path(folder) / "probabilities.f32", np.float32).reshape(-1, classes)
y = np.fromfile(Path(folder) / "labels.i32", np.int32)


def top_label():
    return p.max(axis=1), (p.argmax(axis=1) == y).astype(np.int64)


def torchmetrics_ece():
    import torch
    from torchmetrics.functional.classification import multiclass_calibration_error

    tp, ty = torch.from_numpy(p), torch.from_numpy(y.astype(np.int64))
    return lambda: multiclass_calibration_error(tp, ty, classes, n_bins=BINS).item()


def netcal_ece():
    from netcal.metrics import ECE

    return lambda: ECE(BINS).measure(p, y)


def uncertainty_calibration_ece():
    import calibration

    labels = y.astype(np.int64)
    return lambda: calibration.get_ece(p, labels, num_bins=BINS)


def some_classes():
    return range(round(share * classes))


def netcal_classwise():
    from netcal.metrics import ECE

    return lambda: float(np.mean([ECE(BINS).measure(p[:, k], (y == k).astype(int)) for k in some_classes()]))


def torch_uncertainty_classwise():
    import torch
    from torch_uncertainty.metrics.classification import ClasswiseCalibrationError

    first = len(some_classes())
    tp, hot = torch.from_numpy(p[:, :first]), torch.from_numpy((y[:, None] == np.arange(first)).astype(np.int64))

    def step():
        metric = ClasswiseCalibrationError(first, BINS)
        metric.update(tp, hot)
        return metric.compute().item()

    return step


def relplot_smooth():
    import relplot

    def step():
        return float(relplot.smECE(*relplot.multiclass_logits_to_confidences(p, y, probs=True)))

    return step


def torch_uncertainty_of(make):
    import torch

    tp, ty = torch.from_numpy(p), torch.from_numpy(y.astype(np.int64))

    def step():
        metric = make()
        metric.update(tp, ty)
        return metric.compute().item()

    return step


def torch_uncertainty_smooth():
    from torch_uncertainty.metrics.classification import SmoothCalibrationError

    return torch_uncertainty_of(lambda: SmoothCalibrationError(kernel_type="reflected"))


def torch_uncertainty_aurc():
    from torch_uncertainty.metrics.classification import AURC

    return torch_uncertainty_of(AURC)


def netcal_bootstrap():
    from netcal.metrics import ECE
    from scipy.stats import bootstrap

    def step():
        confidence, correct = top_label()
        result = bootstrap(
            (confidence, correct),
            lambda c, a: ECE(BINS).measure(c, a),
            paired=True,
            vectorized=False,
            method="percentile",
            n_resamples=round(share * DRAWS),
        )
        return float(result.confidence_interval.high)

    return step


def torchmetrics_bootstrap():
    import torch
    from torchmetrics.classification import BinaryCalibrationError
    from torchmetrics.wrappers import BootStrapper

    def step():
        confidence, correct = top_label()
        metric = BootStrapper(
            BinaryCalibrationError(n_bins=BINS), num_bootstraps=round(share * DRAWS), quantile=torch.tensor(0.975)
        )
        metric.update(torch.from_numpy(confidence), torch.from_numpy(correct))
        return metric.compute()["quantile"].item()

    return step


def uncertainty_calibration_bootstrap():
    import calibration

    def step():
        confidence, correct = top_label()

        def error(data):
            c, a = zip(*data)
            return calibration.get_ece(c, a, num_bins=BINS)

        draws = round(share * DRAWS)
        return float(calibration.bootstrap_uncertainty(list(zip(confidence, correct)), error, alpha=5.0, num_samples=draws)[2])

    return step


def some_examples():
    return round(share * len(y))


def sklearn_temperature():
    from sklearn.calibration import _TemperatureScaling

    return lambda: 1 / float(_TemperatureScaling().fit(p, y).beta_)


def probmetrics_temperature():
    from probmetrics.calibrators import get_calibrator

    labels = y.astype(np.int64)
    return lambda: 1 / float(get_calibrator("temp-scaling").fit(distributions(), labels).invtemp_)


def distributions():
    """Probabilities whose sums probmetrics takes for 1."""
    q = p[: some_examples()].astype(np.float64)
    q /= q.sum(axis=1, keepdims=True)
    return q


def probmetrics_smatrix():
    from probmetrics.calibrators import get_calibrator

    q, labels = distributions(), y[: some_examples()].astype(np.int64)
    return lambda: float(get_calibrator("sms").fit(q, labels).W_[0, -1])


def sklearn_isotonic():
    from sklearn.isotonic import IsotonicRegression

    def step():
        fits = [IsotonicRegression(out_of_bounds="clip").fit(p[:, k], y == k) for k in some_classes()]
        return float(fits[0].y_thresholds_[0])

    return step


def mapie_raps():
    from mapie.classification import SplitConformalClassifier
    from mapie.conformity_scores import RAPSConformityScore
    from sklearn.base import BaseEstimator, ClassifierMixin

    class Probabilities(ClassifierMixin, BaseEstimator):
        """A classifier whose inputs are its probabilities."""

        classes_ = np.arange(classes)
        fitted_ = True

        def fit(self, X, y):
            return self

        def predict(self, X):
            return X.argmax(axis=1)

        def predict_proba(self, X):
            return X

    n = some_examples()
    q, labels = p[:n].astype(np.float64), y[:n]
    q /= q.sum(axis=1, keepdims=True)

    def step():
        model = SplitConformalClassifier(Probabilities(), 0.9, RAPSConformityScore(size_raps=0.2), random_state=0)
        _, sets = model.conformalize(q, labels).predict_set(q)
        return float(sets.sum() / n)

    return step


# The peer's package, and what makes its step.
steps = {
    ("ece", "torchmetrics"): ("torchmetrics", torchmetrics_ece),
    ("ece", "netcal"): ("netcal", netcal_ece),
    ("ece", "uncertainty-calibration"): ("uncertainty-calibration", uncertainty_calibration_ece),
    ("classwise", "netcal"): ("netcal", netcal_classwise),
    ("classwise", "torch-uncertainty"): ("torch-uncertainty", torch_uncertainty_classwise),
    ("smooth", "relplot"): ("relplot", relplot_smooth),
    ("smooth", "torch-uncertainty"): ("torch-uncertainty", torch_uncertainty_smooth),
    ("aurc", "torch-uncertainty"): ("torch-uncertainty", torch_uncertainty_aurc),
    ("bootstrap", "netcal by SciPy"): ("netcal", netcal_bootstrap),
    ("bootstrap", "torchmetrics"): ("torchmetrics", torchmetrics_bootstrap),
    ("bootstrap", "uncertainty-calibration"): ("uncertainty-calibration", uncertainty_calibration_bootstrap),
    ("temperature", "scikit-learn"): ("scikit-learn", sklearn_temperature),
    ("temperature", "probmetrics"): ("probmetrics", probmetrics_temperature),
    ("smatrix", "probmetrics"): ("probmetrics", probmetrics_smatrix),
    ("isotonic", "scikit-learn"): ("scikit-learn", sklearn_isotonic),
    ("raps", "MAPIE"): ("mapie", mapie_raps),
}

package, make = steps[measure, peer]
step = make()
forget_peak()
serve(step, f"{package} {version(package)}")
