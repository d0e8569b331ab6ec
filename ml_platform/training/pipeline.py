"""The scikit-learn pipeline of a model: preprocessing, then the estimator."""

from collections.abc import Mapping
from typing import Any

from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from ml_platform.training.estimators import Estimator
from ml_platform.training.preparation import Preparation
from ml_platform.training.transformers import IsMissing


def build_pipeline(
    entry: Estimator, estimator: Any, kinds: Mapping[str, str], preparation: Preparation | None = None
) -> Any:
    """Return an unfitted scikit-learn Pipeline from model input to prediction, with `estimator` at its end.

    `entry`, of ESTIMATORS, says how numbers are scaled and categories are encoded. A category that no train row has
    becomes all zeros (one-hot) or -1 (ordinal).
    """
    preparation = preparation or Preparation()
    encoders = {
        "one_hot": OneHotEncoder(handle_unknown="ignore"),
        "ordinal": OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1),
    }
    numbers = _steps(
        clip=preparation.outliers(),
        impute=preparation.missing_numbers(entry.takes_missing),
        scale=StandardScaler() if entry.scaled else None,
    )
    categories = _steps(impute=preparation.missing_categories(), encode=encoders[entry.categories])
    blocks = [("number", numbers, "number"), ("category", categories, "category")]
    if preparation.indicator:
        blocks.insert(1, ("missing", IsMissing(), "number"))
    transformers = [(name, block, [n for n, k in kinds.items() if k == kind]) for name, block, kind in blocks]
    present = [(name, block, names) for name, block, names in transformers if names]
    return Pipeline([("preprocess", ColumnTransformer(present)), ("estimate", estimator)])


def _steps(**steps: Any) -> Any:
    """Return one transformer of the steps that do something."""
    chosen = [(name, step) for name, step in steps.items() if step is not None]
    if len(chosen) > 1:
        return Pipeline(chosen)
    return chosen[0][1] if chosen else "passthrough"
