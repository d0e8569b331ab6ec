"""What a run of the demo came to is told from what is stored, with its figures."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ml_platform.cli.demo_story import closing, story
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores
from ml_platform_tests.place import Place


def test_training_is_told_with_rows_metric_and_decision(trained: Place) -> None:
    rows, candidate, decision = story(trained.stores, "flights", "train", "2013-01")
    n_rows = trained.stores.tables.require(ArtifactKey("flights", "valid_flights", "2013-01")).n_rows
    assert rows == f"Contract: {n_rows:,} rows of flights are valid, 0 are quarantined."
    measured = trained.stores.documents.read(ArtifactKey("flights", "evaluation", "2013-01"))["baseline"]
    auc, baseline = (measured[model]["roc_auc"]["value"] for model in ("candidate", "other"))
    assert candidate == f"Candidate: ROC AUC {auc:.3f} on {measured['n_rows']:,} unseen rows; base rate {baseline:.3f}."
    assert decision == "PROMOTED: version 1 is champion."


def test_scoring_is_told_with_the_columns_that_have_drifted_most(trained: Place) -> None:
    _, scored, drift = story(trained.stores, "flights", "score", "2013-01")
    assert scored.startswith("Scored by version 1")
    assert drift.startswith("Drift: 0 of 23 columns are critical; largest PSI: ")
    assert drift.count(",") == 2


@pytest.fixture
def loop_of_two(tmp_path: Path) -> Stores:
    """What a rejected retrain as of April leaves: its champion, version 2, has scored May."""
    stores = Stores(Installation(tmp_path / "data", f"sqlite:///{tmp_path}/mlflow.db"))
    for asset in ("valid_flights", "quarantine_flights"):
        stores.tables.write(ArtifactKey("flights", asset, "2013-04"), pd.DataFrame({"row": [1]}), inputs={})
    of_version = {"other": {"roc_auc": {"value": 0.669}}}
    baseline = {"candidate": {"roc_auc": {"value": 0.632}}, "other": {"roc_auc": {"value": 0.5}}, "n_rows": 15815}
    gates = [
        {"gate": "beats_baseline", "passed": True, "reason": "gain 0.1"},
        {"gate": "not_worse", "passed": False, "reason": "gain -0.0364; must be above -0.01"},
    ]
    documents = {
        "evaluation": {"baseline": baseline, "champion": of_version, "champion_version": "2"},
        "decision": {"promote": False, "version": None, "results": gates},
    }
    for asset, document in documents.items():
        stores.documents.write(ArtifactKey("flights", asset, "2013-04"), document)
    stores.documents.write(ArtifactKey("flights", "drift", "2013-05"), {"model_version": "2"})
    return stores


def test_a_rejection_says_who_stays_and_which_gate_stopped_it(loop_of_two: Stores) -> None:
    lines = story(loop_of_two, "flights", "train", "2013-04")
    assert lines[1].endswith("base rate 0.500, version 2 0.669.")
    assert lines[2:] == ["REJECTED: version 2 stays champion.", "not_worse: gain -0.0364; must be above -0.01."]
    said = closing(loop_of_two, "flights", "2013-04", "2013-05", asked=True)
    assert said == (
        "2013-04 had drifted, so the sensor asked for a retrain; its candidate lost to the champion, "
        "and version 2 serves 2013-05."
    )
    assert closing(loop_of_two, "flights", "2013-04", "2013-05", asked=False) == (
        "2013-04 asked for no retrain; version 2 serves 2013-05."
    )
