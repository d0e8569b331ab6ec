"""A model sees 32-bit numbers and text, the same however pandas stores them; what it cannot see is an error."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_platform.errors import DataError
from ml_platform.training.model_input import as_model_input
from ml_platform.training.preparation import MISSING
from ml_platform_tests.training.data import KINDS, rows


@pytest.mark.parametrize("value", [np.inf, -np.inf, 1e39])
def test_a_number_that_is_infinite_in_32_bits_is_refused_with_its_count(value: float) -> None:
    frame, _ = rows()
    frame.loc[[3, 5], "amount"] = value
    with pytest.raises(DataError, match=r"feature 'amount' is infinite, or beyond 3.4e38, in 2 of 400 rows"):
        as_model_input(frame, KINDS)


def test_missing_feature_and_text_in_a_number_are_refused_by_name() -> None:
    frame, _ = rows()
    with pytest.raises(DataError, match=r"feature 'amount' is not among.*Did you mean 'amont'"):
        as_model_input(frame.rename(columns={"amount": "amont"}), KINDS)
    with pytest.raises(DataError, match="feature 'amount' is declared a number"):
        as_model_input(frame.assign(amount="many"), KINDS)


@given(st.lists(st.none() | st.integers(-1000, 1000), min_size=1, max_size=30))
@settings(max_examples=200, deadline=None)
@pytest.mark.parametrize("dtype", ["float64", "Int64", "int64[pyarrow]", "object"])
def test_numbers_are_the_same_however_pandas_stores_them(dtype: str, values: list[int | None]) -> None:
    found = as_model_input(pd.DataFrame({"n": pd.Series(values, dtype=dtype)}), {"n": "number"})["n"]
    expected = np.array([np.nan if value is None else value for value in values], dtype=np.float32)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found.to_numpy(), expected)


@pytest.mark.parametrize("dtype", ["object", "string", "category"])
def test_a_missing_category_is_one_of_its_own(dtype: str) -> None:
    given_values: list[Any] = ["red", None, "", "blå"]
    found = as_model_input(pd.DataFrame({"c": pd.Series(given_values, dtype=dtype)}), {"c": "category"})["c"]
    assert found.tolist() == ["red", MISSING, "", "blå"]
    assert found.dtype == object


def test_features_are_in_the_order_of_the_model_on_the_rows_of_the_frame() -> None:
    frame, _ = rows(20)
    found = as_model_input(frame.iloc[5:9], dict(reversed(KINDS.items())))
    assert list(found) == list(reversed(KINDS))
    assert found.index.tolist() == [5, 6, 7, 8]
