"""Clipping stays within the train rows' quantiles, and what is missing is told from what is not."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.base import clone

from ml_platform.training.transformers import IsMissing, QuantileClip

NUMBERS = st.floats(-1e6, 1e6, width=32) | st.just(float("nan"))
TABLES = hnp.arrays(np.float32, st.tuples(st.integers(1, 30), st.integers(1, 3)), elements=NUMBERS).filter(
    lambda table: not np.isnan(table).all(axis=0).any()
)


@given(TABLES, st.sampled_from([(0.0, 1.0), (0.1, 0.9), (0.25, 0.75)]))
@settings(max_examples=300, deadline=None)
def test_clipped_numbers_are_values_that_were_there_or_their_own(
    table: np.ndarray, quantiles: tuple[float, float]
) -> None:
    clip = QuantileClip(lower=quantiles[0], upper=quantiles[1]).fit(table)
    for column, low, high in zip(table.T, clip.lows_, clip.highs_, strict=True):
        assert {low, high} <= set(column)
    clipped = clip.transform(table)
    assert clipped.dtype == np.float32
    np.testing.assert_array_equal(np.isnan(clipped), np.isnan(table))
    np.testing.assert_array_equal(clip.transform(clipped), clipped)
    inside = (table >= clip.lows_) & (table <= clip.highs_)
    np.testing.assert_array_equal(clipped[inside], table[inside])
    assert ((clipped >= clip.lows_) & (clipped <= clip.highs_) | np.isnan(clipped)).all()


@given(TABLES)
@settings(max_examples=300, deadline=None)
def test_what_is_missing_is_one(table: np.ndarray) -> None:
    found = IsMissing().fit(table).transform(pd.DataFrame(table))
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, np.isnan(table))


@pytest.mark.parametrize("transformer", [QuantileClip(lower=0.1, upper=0.8), IsMissing()])
def test_they_are_cloned_with_their_options_as_scikit_learn_asks(transformer: object) -> None:
    assert clone(transformer).get_params() == transformer.get_params()
