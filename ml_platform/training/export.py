"""Export a fitted pipeline to ONNX, for scoring, and to skops, from which scikit-learn loads it again."""

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
import pandas as pd
import skops.io
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType, StringTensorType

from ml_platform.errors import ModelError
from ml_platform.task import REGRESSION, Task
from ml_platform.training.converters import register
from ml_platform.training.fit import predict
from ml_platform.training.model_input import as_model_input
from ml_platform.training.onnx_model import OnnxModel

OPSET = {"": 21, "ai.onnx.ml": 3}
"""Fixed, so that the same pipeline gives the same bytes whatever the converter's newest is."""

TOLERANCE = 1e-5
"""Most that a probability by ONNX may differ from scikit-learn's: five digits."""

SPREAD_TOLERANCE = 1e-3
"""Most that a number may differ, as a share of the predictions' standard deviation: 32 bits hold 2013.4 to 0.0001."""

LEAST_SPREAD = 1e-4
"""Least standard deviation to assume of predictions that hardly differ, as a share of the largest of them."""

TRUSTED_TYPES = (
    "ml_platform.training.transformers.IsMissing",
    "ml_platform.training.transformers.QuantileClip",
    "numpy.dtype",
    "sklearn._loss.link.Interval",
    "sklearn._loss.link.IdentityLink",
    "sklearn._loss.link.LogitLink",
    "sklearn._loss.link.MultinomialLogit",
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn._loss.loss.HalfMultinomialLoss",
    "sklearn._loss.loss.HalfSquaredError",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.tree._tree.Tree",
)
"""Reviewed: data holders of scikit-learn and our own, none of which runs anything when it is made."""


@dataclass(frozen=True)
class Parity:
    """How far ONNX is from the pipeline that it was made from, in the unit of what is predicted."""

    max_abs_difference: float
    n_rows: int


def to_onnx(pipeline: Any, kinds: Mapping[str, str], *, model_name: str) -> bytes:
    """Return the pipeline as ONNX with one input ``[n, 1]`` per feature; the same pipeline gives the same bytes.

    A pipeline that cannot be converted is a ModelError.
    """
    register()
    types = {"number": FloatTensorType, "category": StringTensorType}
    inputs = [(name, types[kind]([None, 1])) for name, kind in kinds.items()]
    rounded = copy.deepcopy(pipeline)
    final = rounded.steps[-1][1]
    _round_thresholds_down(final)
    options = {id(final): {"zipmap": False}} if hasattr(final, "predict_proba") else None
    try:
        model = convert_sklearn(rounded, model_name, inputs, options=options, target_opset=OPSET)
    except (RuntimeError, ValueError, NotImplementedError) as error:
        raise ModelError(f"{type(final).__name__} cannot be converted to ONNX: {error}") from error
    imports = sorted(model.opset_import, key=lambda opset: opset.domain)  # the converter has them in a set's order
    del model.opset_import[:]
    model.opset_import.extend(imports)
    onnx.helper.set_model_props(model, {"kinds": json.dumps(dict(kinds))})
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def _round_thresholds_down(estimator: Any) -> None:
    """Make a histogram-gradient estimator's 64-bit thresholds 32-bit ones that send every 32-bit number the same way.

    The converter rounds them to the nearest, which may be the next number above: that number then goes left instead of
    right. (It does it well for other trees.)
    """
    for predictors in getattr(estimator, "_predictors", ()):
        for predictor in predictors:
            thresholds = predictor.nodes["num_threshold"]
            nearest = thresholds.astype(np.float32)
            below = np.nextafter(nearest, np.float32(-np.inf))
            predictor.nodes["num_threshold"] = np.where(nearest > thresholds, below, nearest)


def validate_parity(pipeline: Any, model: OnnxModel, frame: pd.DataFrame, *, task: Task) -> Parity:
    """Compare both on the same rows; a row that differs by more than the tolerance is a ModelError."""
    expected = predict(pipeline, as_model_input(frame, model.kinds), task)
    worst = np.abs(model.predict(frame) - expected).reshape(len(frame), -1).max(axis=1)
    spread = max(float(np.std(expected)), LEAST_SPREAD * float(np.abs(expected).max()))
    tolerance = SPREAD_TOLERANCE * spread if task == REGRESSION else TOLERANCE
    if wrong := int((worst > tolerance).sum()):
        raise ModelError(
            f"ONNX differs from scikit-learn by more than {tolerance:g} on {wrong:,} of {len(frame):,} rows, "
            f"by at most {worst.max():g}"
        )
    return Parity(float(worst.max()), len(frame))


def to_skops(pipeline: Any) -> bytes:
    """Return the pipeline in the skops format, which holds no code."""
    content: bytes = skops.io.dumps(pipeline)
    return content


def from_skops(content: bytes) -> Any:
    """Load what `to_skops` made; a type that is not on the reviewed list is a ModelError."""
    unknown = sorted(set(skops.io.get_untrusted_types(data=content)) - set(TRUSTED_TYPES))
    if unknown:
        raise ModelError(f"the skops file holds types that are not trusted: {', '.join(unknown)}")
    return skops.io.loads(content, trusted=list(TRUSTED_TYPES))
