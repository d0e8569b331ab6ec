"""What a partition needs of earlier ones, and is not there or is stale, is named oldest first."""

from __future__ import annotations

import pandas as pd

from ml_platform.pipeline.earlier import lookback_to_divide, window_to_divide, window_to_make
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.spec import load_spec
from ml_platform_tests.place import Place
from ml_platform_tests.quick import FLIGHTS

OF_A_PARTITION = (lookback_to_divide, window_to_divide, window_to_make)


def test_partitions_that_were_never_made_and_those_whose_file_has_changed_are_holes(place: Place) -> None:
    model, run = Model.load(load_spec(FLIGHTS), FLIGHTS), RunContext()
    for holes in OF_A_PARTITION:
        assert holes(model, place.stores, "2013-01", run) == []
        assert holes(model, place.stores, "2013-02", run) == []
        assert holes(model, place.stores, "2013-03", run) == ["2013-02"]
    january = place.raw("flights/2013-01.parquet")
    pd.read_parquet(january).iloc[1:].to_parquet(january)
    for holes in OF_A_PARTITION:
        assert holes(model, place.stores, "2013-03", run) == ["2013-02"], "this run has looked at January"
        assert holes(model, place.stores, "2013-03", RunContext()) == ["2013-01", "2013-02"]
        assert holes(model, place.stores, "2013-01", RunContext()) == [], "none is before the first"
