"""Features and labels show what they hold; in the graph, features reach back as far as their rolling aggregates."""

from __future__ import annotations

import dagster as dg
import pytest

from ml_platform.pipeline.interfaces import origin
from ml_platform.pipeline.model import Model
from ml_platform_tests.orchestration.shown import metadata
from ml_platform_tests.orchestration.windows import upstream_partitions
from ml_platform_tests.place import Place


def test_each_feature_is_summed_up_and_says_what_it_is_made_of(small: Place, tumours: Model) -> None:
    shown = metadata(small, "tumours/features")
    assert [line.split(" ")[1] for line in shown["features"].splitlines()[2:]] == list(tumours.kinds)
    assert shown["share_of_missing_values"] == 0.0
    described = {column.name: column.description for column in shown["dagster/column_schema"].columns}
    assert described == {"row": None} | {feature.name: origin(feature) for feature in tumours.spec.features}
    assert "rolling_aggregates_from" not in shown


def test_labels_say_how_many_are_known(small: Place) -> None:
    shown = metadata(small, "tumours/labels")
    assert (shown["known"], shown["unknown"], shown["outcomes"]) == (569, 0, "62.7% positive")


@pytest.mark.parametrize(
    ("partition", "reached"), [("2013-01", ["2013-01"]), ("2013-04", ["2013-02", "2013-03", "2013-04"])]
)
def test_features_of_flights_depend_on_the_months_that_they_look_back_to(
    definitions: dg.Definitions, partition: str, reached: list[str]
) -> None:
    # Dagster shifts by a number of partitions: from every month as far as from March, which follows a short one.
    assert upstream_partitions(definitions, "flights/features", "flights/valid_flights", partition) == reached
    assert upstream_partitions(definitions, "flights/labels", "flights/valid_flights", partition) == [partition]
