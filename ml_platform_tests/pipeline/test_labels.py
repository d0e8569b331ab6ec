"""Labels are made from valid rows, and kept while those and the definition are the same."""

import numpy as np
import pandas as pd
import pytest

from ml_platform.pipeline.labels import describe_labels, make_labels
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.task import Output
from ml_platform_tests.loop import Loop
from ml_platform_tests.place import RAW, Place
from ml_platform_tests.small_models import table


def test_labels_are_the_target_of_each_row(loop: Loop) -> None:
    labels = loop.made["make_labels"]
    assert labels.frame["label"].astype(bool).tolist() == table("tumours")["benign"].tolist()
    assert loop.again(make_labels).kept


@pytest.mark.parametrize(
    ("output", "labels", "said"),
    [
        (Output("binary"), [0, 1, 1, 1], "75.0% positive"),
        (Output("multiclass", ("a", "b", "c")), [0, 0, 2, 2], "a 50.0%, b 0.0%, c 50.0%"),
        (Output("regression"), [1.0, 2.0, 3000.0], "1 … 2 … 3,000"),
        (Output("binary"), [], "none"),
    ],
)
def test_labels_are_described_by_task(output: Output, labels: list[float], said: str) -> None:
    assert describe_labels(output, np.array(labels)) == said


def test_a_month_of_flights_without_anything_that_is_known_later_has_features_and_no_labels(place: Place) -> None:
    file = place.raw("flights/2013-02.parquet")
    later = ["dep_time", "dep_delay", "arr_time", "arr_delay", "air_time"]
    pd.read_parquet(RAW / "flights" / "2013-02.parquet").drop(columns=later).to_parquet(file)
    outcome = place.run("flights_ingest", "2013-02")
    assert outcome.success, outcome.problems
    tables = place.stores.tables
    features, labels = (tables.read(ArtifactKey("flights", asset, "2013-02")) for asset in ("features", "labels"))
    assert len(features) == len(labels) > 20_000
    assert labels["label"].isna().all()
    assert features["late_share_carrier_28d"].notna().any(), "January's outcomes are known"
