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


def native_or_median(takes_missing: bool) -> Any:
    """Leave missing numbers to an estimator that takes them; impute the median for any other."""
    return None if takes_missing else median(takes_missing)


def median(takes_missing: bool) -> Any:
    """Impute the median of the train rows for a missing number."""
    from sklearn.impute import SimpleImputer

    return SimpleImputer(strategy="median")


def mean(takes_missing: bool) -> Any:
    """Impute the mean of the train rows for a missing number."""
    from sklearn.impute import SimpleImputer

    return SimpleImputer(strategy="mean")


def constant(takes_missing: bool, *, value: Annotated[float, Field(allow_inf_nan=False)] = 0.0) -> Any:
    """Impute `value` for a missing number."""
    from sklearn.impute import SimpleImputer

    return SimpleImputer(strategy="constant", fill_value=float(value))


def leave_missing(takes_missing: bool) -> Any:
    """Leave missing numbers to the estimator, which must take them."""
    return None


def own_category() -> Any:
    """Leave a missing category as a category of its own."""
    return None


def most_frequent() -> Any:
    """Impute the most frequent category of the train rows for a missing one."""
    from sklearn.impute import SimpleImputer

    return SimpleImputer(strategy="most_frequent", missing_values=MISSING)


def leave_outliers() -> Any:
    """Leave outliers as they are."""
    return None


def clip(*, lower: Low = 0.001, upper: High = 0.999) -> Any:
    """Clip numbers to the range between two quantiles of the train rows."""
    from ml_platform.training.transformers import QuantileClip

    return QuantileClip(lower=lower, upper=upper)


MISSING_NUMBERS: dict[str, Callable[..., Any]] = {
    "native_or_median": native_or_median,
    "median": median,
    "mean": mean,
    "constant": constant,
    "none": leave_missing,
}

MISSING_CATEGORIES: dict[str, Callable[..., Any]] = {"own_category": own_category, "most_frequent": most_frequent}

OUTLIERS: dict[str, Callable[..., Any]] = {"none": leave_outliers, "clip": clip}


@dataclass(frozen=True)
class Preparation:
    """One choice of each table, with its options bound."""

    missing_numbers: Callable[[bool], Any] = native_or_median
    """``missing_numbers(takes_missing)`` returns an unfitted transformer of numbers, or None."""
    missing_categories: Callable[[], Any] = own_category
    outliers: Callable[[], Any] = leave_outliers
    """The same without an argument."""
    indicator: bool = False
    """Whether each number gets a further column: 1 where it is missing, else 0."""
