"""Asset keys are model and asset; Dagster's partitions are the model's own windows."""

from __future__ import annotations

from datetime import UTC, datetime

import dagster as dg
import pytest

from ml_platform.errors import WrongCall
from ml_platform.orchestration.keys import asset_key, partitions_def, to_dagster, validate_partition
from ml_platform.partitions import KEY_FORMATS, Partitions
from ml_platform.pipeline.model import Model
from ml_platform_tests.quick import quick_model

STARTS = {"day": "2013-01-01", "week": "2013-01-07", "month": "2013-01", "year": "2013"}


def test_a_key_is_the_model_and_the_asset() -> None:
    assert asset_key(quick_model(), "features") == dg.AssetKey(["flights", "features"])


def test_a_model_has_its_partitions_or_none(tumours: Model) -> None:
    assert partitions_def(tumours) is None
    months = partitions_def(quick_model())
    assert months is not None
    assert months.get_first_partition_key() == "2013-01"
    assert months.timezone == "America/New_York"
    assert months is partitions_def(quick_model()), "one object for all assets: Dagster compares them often"


@pytest.mark.parametrize("every", KEY_FORMATS)
@pytest.mark.parametrize("timezone", ["America/New_York", "Europe/Berlin", "Asia/Kolkata"])
def test_windows_are_those_of_dagster(every: str, timezone: str) -> None:
    ours = Partitions(every=every, start=STARTS[every], end="2016" if every == "year" else None, timezone=timezone)
    theirs = to_dagster(ours)
    assert isinstance(theirs, dg.TimeWindowPartitionsDefinition)
    for key in theirs.get_partition_keys(current_time=datetime(2015, 1, 1, tzinfo=UTC))[:60]:
        window = theirs.time_window_for_partition_key(key)
        assert (ours.starts_at(key), ours.ends_at(key)) == (window.start, window.end)


def test_a_partition_after_the_stated_end_is_rejected_with_what_to_change() -> None:
    with pytest.raises(WrongCall, match=r"has no partition '2014-02', only 2013-01 … 2013-12\. For later ones, remove"):
        validate_partition("flights_score", partitions_def(quick_model()), "2014-02")
    months = to_dagster(Partitions(every="month", start="2013-01"))
    with pytest.raises(WrongCall, match=r"only 2013-01 … \d{4}-\d\d\.$"):
        validate_partition("flights_score", months, "2099-01")
