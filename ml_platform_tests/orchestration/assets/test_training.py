"""The UI shows which rows a model is trained on and what was tried; the graph states the training window."""

from __future__ import annotations

import dagster as dg
import pytest

from ml_platform.orchestration.asset_kind import DATA_VERSION
from ml_platform.pipeline.model import Model
from ml_platform_tests.orchestration.shown import materialization, metadata
from ml_platform_tests.orchestration.windows import upstream_partitions
from ml_platform_tests.place import Place


def test_the_parts_of_the_training_set_are_counted(small: Place, tumours: Model) -> None:
    shown = metadata(small, "tumours/training_set")
    counts = small.stores.tables.read(tumours.artifact("training_set", None))["part"].value_counts()
    lines = [line.split(" | ") for line in shown["parts"].splitlines()[2:]]
    assert {line[0].removeprefix("| "): int(line[1]) for line in lines} == counts.to_dict()
    assert shown["partitions"] == "whole"


def test_the_baseline_says_what_it_predicts_from_how_many_rows(small: Place) -> None:
    shown = metadata(small, "tumours/baseline")
    assert shown["trained_on_rows"] == 314
    assert shown["predicts"].splitlines()[2].startswith("| score | 0.62")


def test_the_candidate_is_the_best_of_what_was_tried_and_its_mlflow_run_is_linked(small: Place, tumours: Model) -> None:
    shown = metadata(small, "tumours/candidate")
    tried = dict(line.strip("| ").split(" | ") for line in shown["validation"].splitlines()[2:])
    assert set(tried) == set(tumours.spec.training.estimators)
    assert shown["estimator"] == max(tried, key=lambda estimator: float(tried[estimator]))
    candidate = small.stores.documents.read(tumours.artifact("candidate", None))
    assert materialization(small, "tumours/candidate").tags[DATA_VERSION] == candidate["onnx_sha256"]
    assert shown["validation_roc_auc"] == max(candidate["validation_scores"].values())
    assert shown["seconds_of_training"] == candidate["seconds"] > 0
    assert shown["mlflow_run"].startswith(f"[{candidate['run_id']}](http://127.0.0.1:5000/#/experiments/")


@pytest.mark.parametrize(
    ("partition", "window"), [("2013-03", ["2013-01", "2013-02", "2013-03"]), ("2013-01", ["2013-01"])]
)
def test_a_model_as_of_march_is_trained_on_january_to_march(
    definitions: dg.Definitions, partition: str, window: list[str]
) -> None:
    for asset in ("features", "labels"):
        found = upstream_partitions(definitions, "flights/training_set", f"flights/{asset}", partition)
        assert found == window


def test_descriptions_say_how_rows_are_split(small: Place, definitions: dg.Definitions) -> None:
    by_time = definitions.resolve_asset_graph().get(dg.AssetKey(["flights", "training_set"])).description
    by_hash = small.definitions.resolve_asset_graph().get(dg.AssetKey(["tumours", "training_set"])).description
    assert "3 partitions, split in time order" in by_time
    assert "the whole table, split by a hash of row" in by_hash


def test_training_runs_of_a_model_wait_for_each_other(definitions: dg.Definitions) -> None:
    candidate = definitions.resolve_assets_def(dg.AssetKey(["flights", "candidate"]))
    assert candidate.op.pool == "flights_training"
