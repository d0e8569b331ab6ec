"""How missing values and outliers are handled before an estimator learns: tables of choices.

An entry's keyword arguments are the options that YAML may give. Everything is fitted on the train rows alone. The
tables are read with the YAML, so an entry imports its library itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

MISSING = "(missing)"
"""The category that stands for a missing one."""

Low = Annotated[float, Field(ge=0, lt=0.5)]
High = Annotated[float, Field(gt=0.5, le=1)]


def unchanged(*_: Any) -> Any:
    """Leave values as they are: a missing number to an estimator that takes it, a missing category as its own."""
    return None


def native_or_median(takes_missing: bool) -> Any:
    """Leave missing numbers to an estimator that takes them; impute the median for any other."""
    return None if takes_missing else median()


def median(*_: Any) -> Any:
    """Impute the median of the train rows for a missing number."""
    return _imputer(strategy="median")


def mean(*_: Any) -> Any:
    """Impute the mean of the train rows for a missing number."""
    return _imputer(strategy="mean")


def constant(*_: Any, value: Annotated[float, Field(allow_inf_nan=False)] = 0.0) -> Any:
    """Impute `value` for a missing number."""
    return _imputer(strategy="constant", fill_value=float(value))


def most_frequent() -> Any:
    """Impute the most frequent category of the train rows for a missing one."""
    return _imputer(strategy="most_frequent", missing_values=MISSING)


def _imputer(**options: Any) -> Any:
    from sklearn.impute import SimpleImputer

    return SimpleImputer(**options)


def clip(*, lower: Low = 0.001, upper: High = 0.999) -> Any:
    """Clip numbers to the range between two quantiles of the train rows."""
    from ml_platform.training.transformers import QuantileClip

    return QuantileClip(lower=lower, upper=upper)


MISSING_NUMBERS: dict[str, Callable[..., Any]] = {
    "native_or_median": native_or_median,
    "median": median,
    "mean": mean,
    "constant": constant,
    "none": unchanged,
}

MISSING_CATEGORIES: dict[str, Callable[..., Any]] = {"own_category": unchanged, "most_frequent": most_frequent}

OUTLIERS: dict[str, Callable[..., Any]] = {"none": unchanged, "clip": clip}


@dataclass(frozen=True)
class Preparation:
    """One choice of each table, with its options bound."""

    missing_numbers: Callable[[bool], Any] = native_or_median
    """``missing_numbers(takes_missing)`` returns an unfitted transformer of numbers, or None."""
    missing_categories: Callable[[], Any] = unchanged
    outliers: Callable[[], Any] = unchanged
    """The same without an argument."""
    indicator: bool = False
    """Whether each number gets a further column: 1 where it is missing, else 0."""
