"""A candidate is kept while rows, definition and code are the same and MLflow has it."""

from __future__ import annotations

import pytest

from ml_platform.errors import ModelError
from ml_platform.pipeline.candidate import train_candidate
from ml_platform.pipeline.training_rows import load_training_rows
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.mlflow.runs import Runs
from ml_platform_tests.loop import Loop
from ml_platform_tests.place import Place

MONTH = "2013-01"


def test_an_unchanged_candidate_is_kept(loop: Loop) -> None:
    again = loop.again(train_candidate)
    assert again.kept
    assert again.document == loop.made["train_candidate"].document
    assert again.document["n_train_rows"] == len(
        load_training_rows(loop.model, loop.stores, None, loop.run).split.train
    )


def test_a_candidate_that_mlflow_has_lost_is_trained_again(mine: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    before = mine.stores.documents.require(ArtifactKey("flights", "candidate", MONTH))
    lost = mine.stores.documents.read(ArtifactKey("flights", "candidate", MONTH))["run_id"]
    load = Runs.load_candidate

    def forgetful(runs: Runs, run_id: str, sha256: str) -> bytes:
        if run_id == lost:
            raise ModelError("gone")
        return load(runs, run_id, sha256)

    monkeypatch.setattr(Runs, "load_candidate", forgetful)
    assert mine.run("flights_train", MONTH).success, "nothing has asked MLflow"
    mine.stores.documents.write(ArtifactKey("flights", "evaluation", MONTH), {})
    outcome = mine.run("flights_train", MONTH)
    assert not outcome.success
    assert "gone. Run: " in "".join(outcome.problems)
    assert mine.run("flights_train", MONTH).success
    after = mine.stores.documents.read(ArtifactKey("flights", "candidate", MONTH))
    assert after["run_id"] != lost
    assert mine.stores.documents.require(ArtifactKey("flights", "candidate", MONTH)).version != before.version
