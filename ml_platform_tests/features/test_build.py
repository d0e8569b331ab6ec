"""What a table of features looks like, and the rows it cannot be made from."""

import pandas as pd
import pytest

from ml_platform.errors import DataError, SpecError
from ml_platform.features.settings import Entity, Feature
from ml_platform_tests.features.tables import ENTITY, build, trips, weather


def test_columns_are_key_times_and_features_and_the_input_is_left_as_it_was() -> None:
    frame = trips([600, 700], ["sea", "hill"])
    before = frame.copy(deep=True)
    found = build(frame, weather([400], ["sea"]))
    assert list(found) == ["trip", "event_time", "prediction_time", "place", "rain", "sky", "seats"]
    assert (found["event_time"] - found["prediction_time"] == pd.Timedelta("2h")).all()
    assert [str(found[name].dtype) for name in ("place", "rain", "sky", "seats")] == ["object", "float64"] * 2
    assert found["sky"].tolist() == ["sky 0", None]
    pd.testing.assert_frame_equal(frame, before)


def test_no_rows_make_no_rows_with_the_same_columns() -> None:
    found = build(trips([], []), weather([400], ["sea"]))
    assert found.shape == (0, 7)


def test_a_key_that_is_a_feature_too_is_there_once() -> None:
    entity = ENTITY.model_copy(update={"key": ("trip", "place")})
    found = build(trips([0], ["sea"]), weather([], []), entity=entity)
    assert list(found)[:4] == ["trip", "place", "event_time", "prediction_time"]
    number = (Feature(name="trip", kind="number"),)
    with pytest.raises(SpecError, match="feature 'trip' is called like a key column of 'trips'"):
        build(trips([0], ["sea"]), weather([], []), joins=(), features=number)


def in_new_york(values: list[object], time_format: str | None = None) -> pd.Series:
    entity = Entity(table="trips", contract="c", key=("trip",), time="at", time_format=time_format)
    frame = pd.DataFrame({"trip": range(len(values)), "at": values, "x": 1.0})
    feature = (Feature(name="x", kind="number"),)
    built = build(frame, weather([], []), entity=entity, joins=(), features=feature, timezone="America/New_York")
    return built["event_time"]


def test_times_without_a_zone_are_local_and_summer_time_is_respected() -> None:
    local = ["2013-01-01 12:00", "2013-07-01 12:00", "2013-03-10 02:30", "2013-11-03 01:30"]
    expected = ["2013-01-01T17:00", "2013-07-01T16:00", "2013-03-10T07:00", "2013-11-03T05:30"]
    assert in_new_york(list(pd.to_datetime(local))).tolist() == list(pd.to_datetime(expected, utc=True))
    assert in_new_york([2013.0, 2014.0], "%Y").tolist() == list(
        pd.to_datetime(["2013-01-01T05", "2014-01-01T05"], utc=True)
    )


def test_each_text_may_have_an_offset_of_its_own_and_those_without_are_local() -> None:
    texts = [
        "2013-01-01T12:00-05:00",
        "2013-07-01 12:00:00-0400",
        "2013-07-01T12:00Z",
        "2013-07-01T12:00",
        "2013-07-01",
    ]
    hours = ["2013-01-01T17", "2013-07-01T16", "2013-07-01T12", "2013-07-01T16", "2013-07-01T04"]
    assert in_new_york(texts).tolist() == list(pd.to_datetime(hours, utc=True))
    with_zone = in_new_york(["01.01.2013 -0500", "01.07.2013 -0400"], "%d.%m.%Y %z")
    assert with_zone.tolist() == list(pd.to_datetime(["2013-01-01T05", "2013-07-01T04"], utc=True))


def test_times_that_cannot_be_read_are_refused_with_counts_and_an_example() -> None:
    with pytest.raises(DataError, match=r"column 'at' of table 'trips': 1 of 2 values are not the format '%Y': 'soon'"):
        in_new_york(["2013", "soon"], "%Y")
    with pytest.raises(DataError, match=r"1 of 2 values are not the format '%Y': '2013.5'"):
        in_new_york([2013.0, 2013.5], "%Y")
    with pytest.raises(DataError, match="'at' of table 'trips' is missing in 1 of 2 rows"):
        in_new_york([pd.Timestamp("2013-01-01"), None])
    with pytest.raises(DataError, match=r"holds numbers, such as '2013': say in 'time_format'"):
        in_new_york([2013, 2014])
