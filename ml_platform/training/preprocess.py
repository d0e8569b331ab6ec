"""What happens to features before an estimator sees them: the same in training, in batch scoring and in serving."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ml_platform.choices import did_you_mean
from ml_platform.errors import DataError
from ml_platform.training.estimators import Estimator
from ml_platform.training.preparation import AS_USUAL, MISSING, Preparation

if TYPE_CHECKING:
    import pandas as pd


def as_model_input(frame: pd.DataFrame, kinds: Mapping[str, str]) -> pd.DataFrame:
    """Return the features alone, as the model takes them: 32-bit numbers, and strings without missing ones.

    ONNX computes in 32 bits. Rounding before training as well puts every row on the same side of every split.

    Raises
    ------
    DataError
        When a feature is not there, or is a number that cannot be read as one or is too large for 32 bits.
    """
    import numpy as np
    import pandas as pd

    columns: dict[str, Any] = {}
    for name, kind in kinds.items():
        if name not in frame:
            raise DataError(
                f"feature '{name}' is not among the {len(frame.columns)} columns. {did_you_mean(name, map(str, frame))}"
            )
        column = frame[name]
        if kind == "category":
            columns[name] = np.where(column.isna(), MISSING, column.astype(str).to_numpy(dtype=object)).astype(object)
        else:
            columns[name] = _as_float32(column, name)
    return pd.DataFrame(columns, index=frame.index)


def _as_float32(column: pd.Series, name: str) -> Any:
    import numpy as np
    import pandas as pd

    try:
        with np.errstate(over="ignore"):
            numbers = pd.to_numeric(column).to_numpy(dtype=np.float32, na_value=np.nan)
    except (ValueError, TypeError) as error:
        raise DataError(f"feature '{name}' is declared a number, but {error}") from error
    if infinite := int(np.isinf(numbers).sum()):
        raise DataError(f"feature '{name}' is infinite, or beyond 3.4e38, in {infinite:,} of {len(numbers):,} rows")
    return numbers


def build_pipeline(
    estimator: Estimator, fitted_by: Any, kinds: Mapping[str, str], preparation: Preparation = AS_USUAL
) -> Any:
    """Return an unfitted scikit-learn Pipeline from model input to prediction.

    Parameters
    ----------
    estimator
        Entry of ESTIMATORS: says how numbers are scaled and categories are encoded. A category that the train rows do
        not have is none of theirs (one-hot: all zero; ordinal: -1).
    fitted_by
        The scikit-learn estimator at the end.
    preparation
        What is done about missing values and outliers.
    """
    from sklearn.compose import ColumnTransformer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

    from ml_platform.training.transformers import IsMissing

    encoders = {
        "one_hot": OneHotEncoder(handle_unknown="ignore"),
        "ordinal": OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1),
    }
    numbers = _steps(
        clip=preparation.outliers(),
        impute=preparation.missing_numbers(estimator.takes_missing),
        scale=StandardScaler() if estimator.scaled else None,
    )
    categories = _steps(impute=preparation.missing_categories(), encode=encoders[estimator.categories])
    blocks = [("number", numbers, "number"), ("category", categories, "category")]
    if preparation.indicator:
        blocks.insert(1, ("missing", IsMissing(), "number"))
    transformers = [(name, block, [n for n, k in kinds.items() if k == kind]) for name, block, kind in blocks]
    present = [(name, block, names) for name, block, names in transformers if names]
    return Pipeline([("preprocess", ColumnTransformer(present)), ("estimate", fitted_by)])


def _steps(**steps: Any) -> Any:
    """Return the steps that do something, as one."""
    from sklearn.pipeline import Pipeline

    chosen = [(name, step) for name, step in steps.items() if step is not None]
    if len(chosen) > 1:
        return Pipeline(chosen)
    return chosen[0][1] if chosen else "passthrough"
