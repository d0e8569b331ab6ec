"""A split is complete and does not depend on the order of the frame; by key, not even on the other rows."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.errors import DataError
from ml_platform.training.split import Split, key_places, split_by_key, split_in_time, validate_every_class


def cut(times: pd.Series, key: pd.DataFrame, seed: int = 0):
    return split_in_time(times, key, validation_share=0.2, test_share=0.25, seed=seed)


@given(st.lists(st.integers(0, 30), min_size=10, max_size=200))
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


def by_key(key: pd.DataFrame, test_share: float = 0.25):
    return split_by_key(key, validation_share=0.2, test_share=test_share)


@given(
    st.sets(st.integers(0, 10**6), min_size=60, max_size=200),
    st.sets(st.integers(0, 10**6), min_size=1, max_size=200),
)
def test_a_row_stays_in_its_part_whatever_rows_come_and_go(first: set[int], others: set[int]) -> None:
    before, after = (pd.DataFrame({"id": sorted(ids)}) for ids in (first, first | others))
    old, new = by_key(before), by_key(after)
    assert sorted([*old.train, *old.validation, *old.test]) == list(range(len(before)))
    for part in ("train", "validation", "test"):
        assert set(before["id"].iloc[getattr(old, part)]) <= set(after["id"].iloc[getattr(new, part)])


def test_parts_by_key_have_their_shares_and_rows_of_one_key_are_together() -> None:
    key = pd.DataFrame({"id": [f"customer {i}" for i in range(20_000)]})
    parts = by_key(key)
    assert abs(len(parts.test) / 20_000 - 0.25) < 0.01
    assert abs(len(parts.validation) / 20_000 - 0.2) < 0.01
    twice = by_key(pd.concat([key, key], ignore_index=True))
    assert set(twice.test % 20_000) == set(parts.test)
    assert set(by_key(key, 0.3).test) > set(parts.test), "a larger test keeps the rows of the smaller one"


def test_places_of_keys_are_those_of_yesterday() -> None:
    """Another hash would put rows that a champion was trained on into the test part of its successor."""
    numbers, texts = pd.DataFrame({"id": [1, 2]}), pd.DataFrame({"id": ["a", "blå"], "at": [1, 2]})
    np.testing.assert_allclose(key_places(numbers), [0.615771979, 0.044802928], rtol=1e-6)
    np.testing.assert_allclose(key_places(texts), [0.761362457, 0.92996076], rtol=1e-6)


def test_an_absent_class_is_named_with_its_part_and_counts() -> None:
    parts = Split(np.arange(4), np.array([4, 5]), np.array([6, 7]), False)
    with pytest.raises(DataError, match=r"class 'b' has 3 of 8 labelled rows, and none of the 2 test rows"):
        validate_every_class(np.array([0, 1, 1, 0, 0, 1, 0, 0]), parts, ["a", "b"])
    validate_every_class(np.array([0, 1, 1, 0, 0, 1, 0, 1]), parts, ["a", "b"])
    with pytest.raises(DataError, match="2 labelled rows are too few"):
        by_key(pd.DataFrame({"id": [1, 2]}))


@pytest.mark.parametrize("dtype", ["Int64", "int64[pyarrow]", "int32", "UInt16"])
def test_a_key_is_in_the_same_part_however_pandas_stores_it(dtype: str) -> None:
    """One partition with a missing value elsewhere must not move the rows of the others."""
    ids = pd.Series(range(300))
    words = ids.map("customer {}".format)
    plain = key_places(pd.DataFrame({"id": ids, "word": words}))
    stored = pd.DataFrame({"id": ids.astype(dtype), "word": words.astype("string" if dtype == "Int64" else "category")})
    np.testing.assert_array_equal(key_places(stored), plain)
