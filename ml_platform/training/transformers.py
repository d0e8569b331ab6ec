"""Two steps that scikit-learn does not have in a form that becomes ONNX. Neither does arithmetic: parity is exact."""

from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin


class QuantileClip(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Clips each number to the range between two quantiles of the train rows; missing stays missing.

    `lows_`, `highs_` are the range of each column: float32, values that were there.
    """

    def __init__(self, *, lower: float = 0.0, upper: float = 1.0) -> None:
        self.lower = lower
        self.upper = upper

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Take the quantiles of each column; shape ``(n, d)``."""
        numbers = np.asarray(X, dtype=np.float32)
        self.lows_ = np.nanquantile(numbers, self.lower, axis=0, method="lower").astype(np.float32)
        self.highs_ = np.nanquantile(numbers, self.upper, axis=0, method="higher").astype(np.float32)
        return self

    def transform(self, X: pd.DataFrame) -> NDArray[np.float32]:
        """Return the numbers in their ranges."""
        return np.clip(np.asarray(X, dtype=np.float32), self.lows_, self.highs_)


class IsMissing(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Returns 1 for each missing number, else 0."""

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Remember the number of columns."""
        self.n_features_in_ = X.shape[1]
        return self

    def transform(self, X: pd.DataFrame) -> NDArray[np.float32]:
        """Return an indicator for each column."""
        return np.isnan(np.asarray(X, dtype=np.float32)).astype(np.float32)
