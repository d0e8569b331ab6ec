"""Features as the model takes them: the same in training, in batch scoring and in serving."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ml_platform.choices import did_you_mean
from ml_platform.errors import DataError
from ml_platform.training.preparation import MISSING


def as_model_input(frame: pd.DataFrame, kinds: Mapping[str, str]) -> pd.DataFrame:
    """Return the features alone: 32-bit numbers, and strings with a category of their own for missing ones.

    ONNX computes in 32 bits. Rounding before training as well puts every row on the same side of every split. A feature
    that is not there, cannot be read as a number or is too large for 32 bits is a DataError.
    """
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
    try:
        with np.errstate(over="ignore"):
            numbers = pd.to_numeric(column).to_numpy(dtype=np.float32, na_value=np.nan)
    except (ValueError, TypeError) as error:
        raise DataError(f"feature '{name}' is declared a number, but {error}") from error
    if infinite := int(np.isinf(numbers).sum()):
        raise DataError(f"feature '{name}' is infinite, or beyond 3.4e38, in {infinite:,} of {len(numbers):,} rows")
    return numbers
