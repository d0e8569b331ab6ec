"""A partition is traced to every table, model version and prediction that it touched, of whichever of its versions."""

from __future__ import annotations

import pytest

from ml_platform.errors import UnknownId
from ml_platform.lineage.downstream import partition_downstream
from ml_platform_tests.history import History


def test_the_trained_partition_touches_its_models_and_what_they_predicted(history: History) -> None:
    stores = history.place.stores
    trace = partition_downstream(stores, "flights", "2013-01")
    old, new = history.before["trained"]["sources"][0]["md5"], stores.raw.hash("flights", "2013-01")
    assert {file.md5 for file in trace.files} == {old, new}
    tables = {(t.artifact, t.files): t.current for t in trace.tables if t.artifact.endswith("/2013-01")}
    assert tables == {
        (f"flights/{asset}/2013-01", (md5,)): md5 == new for asset in ("features", "labels") for md5 in (old, new)
    }
    entries = stores.ledger("flights").entries()
    assert {model.files for model in trace.models} == {(old,), (new,)}
    assert {model.mlflow_run for model in trace.models} == {entry.run_id for entry in entries}
    assert trace.models[0].version == "1"
    first = next(found for found in trace.predictions if found.version == history.predictions.version)
    assert first.model_version == "1"
    assert (first.model_trained_on_it, first.current) == (True, False)
    assert "flights/features/2013-02" in {table.artifact for table in trace.tables}, (
        "its late flights are their history"
    )
    assert first.made_from_it
    assert first.n_rows == history.predictions.n_rows
    assert len(trace.predictions) == 2


def test_the_scored_partition_touches_predictions_and_no_model(history: History) -> None:
    trace = partition_downstream(history.place.stores, "flights", "2013-02")
    assert trace.models == ()
    assert [(found.made_from_it, found.model_trained_on_it) for found in trace.predictions] == [(True, False)] * 2
    assert sorted(found.current for found in trace.predictions) == [False, True]


def test_a_table_without_partitions_touches_all(history: History) -> None:
    trace = partition_downstream(history.place.stores, "flights", "whole")
    assert {file.table for file in trace.files} == {"weather", "planes"}
    assert len(trace.models) == 2
    assert all(found.made_from_it and found.model_trained_on_it for found in trace.predictions)


@pytest.mark.parametrize(
    ("model", "partition", "message"),
    [
        ("flights", "2013-03", "partitions that were: 2013-01, 2013-02"),
        ("fligths", "2013-01", "models of which there is: flights"),
    ],
)
def test_an_unknown_partition_or_model_is_refused_with_those_that_exist(
    history: History, model: str, partition: str, message: str
) -> None:
    with pytest.raises(UnknownId, match=message):
        partition_downstream(history.place.stores, model, partition)
