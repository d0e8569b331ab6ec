"""A table is cut into about a dozen large windows that hold every row once, each in its own window."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.errors import DataError
from ml_platform.scaffold.partitioning import Partitioning, choose_partitioning
from ml_platform_tests.scaffold.shop import infer

TIMES: dict[str, tuple[pd.DatetimeIndex, str | None]] = {
    "a year of days": (pd.date_range("2023-01-01", periods=8_000, freq="h"), "month"),
    "ten years": (pd.date_range("2010-01-01", periods=4_000, freq="22h"), "year"),
    "two weeks": (pd.date_range("2023-03-01", periods=14 * 300, freq="288s"), "day"),
    "a day": (pd.date_range("2023-03-01", periods=500, freq="60s"), None),
    "every fifth year": (pd.DatetimeIndex([f"{1950 + 5 * (n % 10)}-01-01" for n in range(1000)]), None),
}


@pytest.mark.parametrize("case", TIMES)
def test_a_table_is_cut_into_about_a_dozen_large_windows_without_holes(tmp_path: Path, case: str) -> None:
    times, every = TIMES[case]
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"at": times, "x": rng.random(len(times)), "y": rng.random(len(times))})
    found = infer(tmp_path, frame, "y", time="at")
    assert (found.partitions and found.partitions.every) == every
    if found.partitioning is not None:
        assert found.partitioning.holes == ()


INSTANTS = st.lists(st.integers(0, 3 * 365 * 24), min_size=1, max_size=80).map(
    lambda hours: pd.Series(pd.Timestamp("2020-12-25", tz="UTC") + pd.to_timedelta(hours, "h"))
)


@given(INSTANTS, st.sampled_from(["UTC", "America/New_York", "Asia/Tokyo"]))
def test_every_row_is_in_the_one_window_that_holds_its_instant(instants: pd.Series, timezone: str) -> None:
    found = choose_partitioning(instants, timezone, "at")
    if found is None:
        return
    assert sorted(row for rows in found.rows.values() for row in rows) == list(range(len(instants)))
    for key, rows in found.rows.items():
        inside = instants.iloc[rows]
        assert (inside >= found.partitions.starts_at(key)).all()
        assert (inside < found.partitions.ends_at(key)).all()
    assert found.partitions.end is None, "later files will follow"
    every = [found.partitions.start]
    while every[-1] != max(found.rows):
        every.append(found.partitions.shift(every[-1], 1))
    assert sorted([*found.rows, *found.holes]) == every
    run = found.longest_run()
    assert set(run) <= set(found.rows)
    assert [found.partitions.shift(key, 1) for key in run[:-1]] == run[1:]


def months(counts: dict[str, int]) -> Partitioning:
    times = [pd.Timestamp(f"{key}-01", tz="UTC") for key, count in counts.items() for _ in range(count)]
    found = choose_partitioning(pd.Series(times), "UTC", "at")
    assert found is not None
    assert found.partitions.every == "month"
    return found


def test_a_model_is_trained_on_enough_rows_and_fewer_windows_than_follow_each_other() -> None:
    found = months({f"2023-{month:02}": 300 for month in range(1, 10)})
    assert found.counts == [300] * 9
    assert (found.training_window(100), found.training_window(1_200), found.training_window(10**6)) == (3, 4, 8)


def test_the_longest_run_ends_at_a_hole() -> None:
    counts = {f"2023-{month:02}": 300 for month in (1, 2, 3, 5, 6, 7, 8)}
    found = months(counts)
    assert found.holes == ("2023-04",)
    assert found.longest_run() == ["2023-05", "2023-06", "2023-07", "2023-08"]


def test_a_row_without_a_time_belongs_to_no_partition() -> None:
    times = pd.Series(pd.to_datetime(["2023-01-01", None, None], utc=True))
    with pytest.raises(DataError, match=r"column 'at': 2 of 3 rows, such as row 2, have no time"):
        choose_partitioning(times, "UTC", "at")
