"""The split is in time order, complete, and does not depend on the order of the frame."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_platform.errors import DataError
from ml_platform.training.split import split_in_time


def cut(times: pd.Series, key: pd.DataFrame, seed: int = 0):
    return split_in_time(times, key, validation_share=0.2, test_share=0.25, seed=seed)


@given(st.lists(st.integers(0, 30), min_size=10, max_size=200))
@settings(deadline=None)
def test_no_row_is_lost_and_no_part_is_later_than_the_next(hours: list[int]) -> None:
    times = pd.Series(pd.Timestamp("2013-01-01", tz="UTC") + pd.to_timedelta(hours, "h"))
    key = pd.DataFrame({"id": range(len(hours))})
    parts = cut(times, key)
    assert sorted([*parts.train, *parts.validation, *parts.test]) == list(range(len(hours)))
    assert times.iloc[parts.train].max() <= times.iloc[parts.validation].min()
    assert times.iloc[parts.validation].max() <= times.iloc[parts.test].min()


def test_rows_of_one_instant_are_cut_by_key_whatever_their_order() -> None:
    key = pd.DataFrame({"id": np.arange(1000)})
    times = pd.Series(pd.Timestamp("2015-01-01", tz="UTC")).repeat(1000).reset_index(drop=True)
    parts = cut(times, key)
    shuffled = key.sample(frac=1, random_state=3).reset_index(drop=True)
    again = cut(times, shuffled)
    assert parts.shared_instants
    assert set(shuffled["id"].iloc[again.test]) == set(key["id"].iloc[parts.test])
    assert set(cut(times, key, seed=1).test) != set(parts.test)
    assert abs(key["id"].iloc[parts.test].mean() - 499.5) < 60, "the cut must not follow the key's order"


def test_too_few_rows_and_missing_times_are_refused_with_counts() -> None:
    times = pd.Series(pd.to_datetime(["2013-01-01", "2013-01-02", None], utc=True))
    with pytest.raises(DataError, match="1 of 3 rows have no event_time"):
        cut(times, pd.DataFrame({"id": [1, 2, 3]}))
    with pytest.raises(DataError, match="2 labelled rows are too few"):
        cut(times.head(2), pd.DataFrame({"id": [1, 2]}))


def test_a_row_that_is_there_twice_is_refused_with_its_key() -> None:
    times = pd.Series(pd.date_range("2013-01-01", periods=20, tz="UTC"))
    with pytest.raises(DataError, match=r"1 of 21 rows have the same key \(id\) and event_time"):
        cut(pd.concat([times, times.head(1)]), pd.DataFrame({"id": [*range(20), 0]}))
    returning = pd.DataFrame({"id": [0] * 20})
    assert len(cut(times, returning).test) == 5, "the same key at another time is another row"
