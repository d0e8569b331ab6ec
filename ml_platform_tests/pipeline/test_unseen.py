"""A champion is compared on rows that it cannot have learned from, however the table was split and has grown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.errors import ModelError
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.scorer import Scorer, predicts
from ml_platform.pipeline.training_rows import TrainingRows
from ml_platform.pipeline.unseen import training_tags, unseen_rows
from ml_platform.spec import load_spec
from ml_platform.stores.mlflow.entities import ModelVersion
from ml_platform.task import Output
from ml_platform.training.split import Split, split_by_key, split_in_time
from ml_platform_tests.small_models import write_model

SHARES: dict[str, Any] = {"validation_share": 0.15, "test_share": 0.3}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    folder = write_model("patients", tmp_path_factory.mktemp("seen"))
    return Model.load(load_spec(folder), folder)


def rows(numbers: list[int], *, by: str) -> TrainingRows:
    """Rows with these keys, a row an hour."""
    frame = pd.DataFrame({"row": numbers})
    if by == "key_hash":
        return labelled(frame, split_by_key(frame, **SHARES))
    frame["event_time"] = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(numbers, "h")
    return labelled(frame, split_in_time(frame["event_time"], frame, seed=1, **SHARES))


def labelled(frame: pd.DataFrame, split: Split) -> TrainingRows:
    return TrainingRows(frame, np.zeros(len(frame)), unknown=frame.head(0), versions={}, unlabelled=(), split=split)


def with_time(model: Model) -> Model:
    spec = model.spec.model_copy(update={"entity": model.spec.entity.model_copy(update={"time": "at"})})
    return replace(model, spec=spec)


def learned(part: TrainingRows) -> set[int]:
    return set(part.frame["row"].iloc[np.concatenate([part.split.train, part.split.validation])])


@pytest.mark.parametrize("by", ["key_hash", "time"])
def test_no_row_counts_as_unseen_that_the_champion_learned_from(model: Model, by: str) -> None:
    model = model if by == "key_hash" else with_time(model)
    before, after = rows(list(range(300)), by=by), rows(list(range(50, 400)), by=by)
    unseen = unseen_rows(training_tags(model, None, before), after.frame)
    found = set(after.frame["row"][unseen])
    assert not found & learned(before)
    assert set(after.frame["row"].iloc[after.split.test]) <= found, "and every row of the next test does count"
    assert not unseen_rows({}, after.frame).any(), "of a version that says nothing, nothing is unseen"


@given(first=st.floats(0.05, 0.49), second=st.floats(0.05, 0.49), ids=st.sets(st.integers(0, 5_000), min_size=150))
def test_nor_when_the_shares_have_changed_in_between(first: float, second: float, ids: set[int], model: Model) -> None:
    training = model.spec.training.model_copy(update={"test_share": first})
    model = replace(model, spec=model.spec.model_copy(update={"training": training}))
    frame = pd.DataFrame({"row": sorted(ids)})
    parts = split_by_key(frame, validation_share=0.1, test_share=first)
    before = labelled(frame, parts)
    test = frame.iloc[split_by_key(frame, validation_share=0.1, test_share=second).test]
    unseen = set(test["row"][unseen_rows(training_tags(model, None, before), test)])
    assert unseen == set(test["row"]) - learned(before)


def test_a_smaller_test_part_of_the_champion_is_what_counts(model: Model) -> None:
    tags = training_tags(model, None, rows(list(range(300)), by="key_hash"))
    larger = split_by_key(pd.DataFrame({"row": range(300)}), validation_share=0.1, test_share=0.5).test
    unseen = unseen_rows(tags, pd.DataFrame({"row": larger}))
    assert 0 < unseen.sum() < len(larger)
    assert not unseen_rows(tags, pd.DataFrame({"other_key": larger})).any()


def test_a_version_that_predicts_other_classes_is_another_model() -> None:
    recorded = predicts(Output("multiclass", ("a", "b", "c")))
    version = ModelVersion(model="m", version="3", run_id="r", onnx_sha256="0", tags=recorded)
    for classes in (("a", "c", "b"), ("a", "b", "c", "d")):
        with pytest.raises(ModelError, match=r'predicts multiclass: \["a", "b", "c"\].*another name'):
            Scorer.load(None, version, Output("multiclass", classes))  # type: ignore[arg-type]
