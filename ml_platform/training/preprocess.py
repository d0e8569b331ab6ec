"""What happens to features before an estimator sees them: the same in training, in batch scoring and in serving."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ml_platform.choices import did_you_mean
from ml_platform.errors import DataError
from ml_platform.training.estimators import Estimator

if TYPE_CHECKING:
    import pandas as pd

MISSING = "(missing)"
"""The category of a category that is missing."""


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


def build_pipeline(estimator: Estimator, fitted_by: Any, kinds: Mapping[str, str]) -> Any:
    """Return an unfitted scikit-learn Pipeline from model input to prediction.

    Parameters
    ----------
    estimator
        Entry of ESTIMATORS: says what is done to numbers and categories. The imputed value is the median of the train
        rows. A category that they do not have is none of theirs (one-hot: all zero; ordinal: -1).
    fitted_by
        The scikit-learn estimator at the end.
    """
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

    impute = SimpleImputer(strategy="median")
    numbers = {
        "as_they_are": "passthrough",
        "imputed": impute,
        "imputed_and_scaled": Pipeline([("impute", impute), ("scale", StandardScaler())]),
    }
    categories = {
        "one_hot": OneHotEncoder(handle_unknown="ignore"),
        "ordinal": OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1),
    }
    blocks = [("number", numbers[estimator.numbers]), ("category", categories[estimator.categories])]
    transformers = [(kind, block, [n for n, k in kinds.items() if k == kind]) for kind, block in blocks]
    present = [(kind, block, names) for kind, block, names in transformers if names]
    return Pipeline([("preprocess", ColumnTransformer(present)), ("estimate", fitted_by)])
