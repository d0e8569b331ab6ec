"""Earlier partitions are to be made when they are missing or stale, and are left alone otherwise."""

from __future__ import annotations

import pandas as pd

from ml_platform.pipeline.earlier import lookback_to_divide, window_to_divide, window_to_make
from ml_platform.pipeline.run import RunContext
from ml_platform_tests.place import Place
from ml_platform_tests.quick import quick_model

MODEL = quick_model()


def test_only_what_is_missing_is_to_be_made_and_the_partition_itself_is_not(place: Place) -> None:
    for to_make in (lookback_to_divide, window_to_divide, window_to_make):
        assert to_make(MODEL, place.stores, "2013-01", RunContext()) == []
        assert to_make(MODEL, place.stores, "2013-02", RunContext()) == []
        assert to_make(MODEL, place.stores, "2013-03", RunContext()) == ["2013-02"]


def test_what_was_made_from_another_file_is_to_be_made_again(place: Place) -> None:
    file = place.raw("flights/2013-01.parquet")
    pd.read_parquet(file).iloc[:-1].to_parquet(file)
    for to_make in (lookback_to_divide, window_to_divide, window_to_make):
        assert to_make(MODEL, place.stores, "2013-02", RunContext()) == ["2013-01"]


def test_a_run_that_has_found_a_partition_fresh_goes_on_with_it(place: Place) -> None:
    run, file = RunContext(), place.raw("flights/2013-01.parquet")
    assert window_to_make(MODEL, place.stores, "2013-02", run) == []
    pd.read_parquet(file).iloc[:-1].to_parquet(file)
    assert window_to_make(MODEL, place.stores, "2013-02", run) == []
    run.fresh.clear()  # as a step does that makes something new
    assert window_to_make(MODEL, place.stores, "2013-02", run) == ["2013-01"]
