"""A derivation sees its own columns of its own row, and nothing else."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from ml_platform.errors import DataError
from ml_platform.features.derive import derive

AMOUNT = pd.Series([4.0, np.nan, 1.0, 3.0, np.nan, 9.0, 2.0, 7.0] * 20, name="amount")


@pytest.mark.parametrize(
    "derivation",
    [
        lambda x: x - x.mean(),
        lambda x: x.rank(),
        lambda x: x.shift(),
        lambda x: x.cumsum(),
        lambda x: x.ffill(),
        lambda x: x.fillna(x.median()),
        lambda x: x * np.random.default_rng().random(len(x)),
        lambda x: (x > x.quantile(0.5)).astype(float),
        lambda x: pd.Series(x.index, index=x.index),
    ],
    ids=[
        "mean",
        "rank",
        "row before",
        "running sum",
        "filled from before",
        "median of others",
        "random",
        "quantile",
        "position",
    ],
)
def test_a_derivation_that_looks_at_other_rows_is_refused(derivation: Callable[..., pd.Series]) -> None:
    with pytest.raises(DataError, match=r"feature 'f': .* is not row-wise"):
        derive("f", derivation, {"amount": AMOUNT})


def test_a_row_wise_derivation_gives_every_row_its_value() -> None:
    found = derive("f", lambda x, y: (x + y).fillna(0), {"amount": AMOUNT, "other": AMOUNT * 2})
    assert found.tolist() == (AMOUNT * 3).fillna(0).tolist()
    words = derive("f", lambda x: x.map({4.0: "four"}), {"amount": AMOUNT})
    assert words.dropna().unique().tolist() == ["four"]
    assert derive("f", lambda x: x + 1, {"amount": AMOUNT.head(0)}).empty
    mixed = derive("f", lambda x: x.map({4.0: "four", 1.0: 1, 3.0: [3]}), {"amount": AMOUNT})
    assert mixed.dropna().iloc[:3].tolist() == ["four", 1, [3]]


def test_the_last_digits_of_a_number_may_depend_on_the_length_of_the_array() -> None:
    def with_rounding(x: pd.Series) -> pd.Series:
        return x * (1 + len(x) * 1e-14)

    assert len(derive("f", with_rounding, {"amount": AMOUNT})) == len(AMOUNT)


@pytest.mark.parametrize(
    ("derivation", "message"),
    [
        (lambda x: x.dropna(), "must return a Series on the index of its columns"),
        (lambda x: x.to_numpy(), "must return a Series on the index of its columns"),
        (lambda x: x.reset_index(drop=True).iloc[::-1], "must return a Series on the index of its columns"),
        (lambda x, y: x, r"failed on amount \(float64\): TypeError"),
        (lambda x: x.str.len(), "AttributeError"),
    ],
)
def test_a_derivation_that_fails_or_loses_rows_is_refused_by_name(
    derivation: Callable[..., pd.Series], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        derive("f", derivation, {"amount": AMOUNT})


def test_a_derivation_cannot_change_its_columns() -> None:
    def greedy(x: pd.Series) -> pd.Series:
        x[:] = 0.0
        return x

    before = AMOUNT.copy()
    derive("f", greedy, {"amount": AMOUNT})
    pd.testing.assert_series_equal(AMOUNT, before)
