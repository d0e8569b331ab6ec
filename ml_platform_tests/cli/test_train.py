"""`ml-platform train` writes what git keeps of a training, also of one whose candidate was rejected."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ml_platform.cli.train import write_for_review
from ml_platform.errors import NotStored, WrongCall
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores
from ml_platform_tests.cli.called import call
from ml_platform_tests.scaffold.project import ForeignProject
from ml_platform_tests.small_models import table


def evaluation() -> dict[str, object]:
    document: dict[str, object] = Stores(Installation.from_environment()).documents.read(
        ArtifactKey("tumours", "evaluation", None)
    )
    return document


def test_metrics_and_curves_are_those_of_the_evaluation(shop: ForeignProject) -> None:
    call("train", "tumours", "--metrics", "review/metrics.json", "--plots", "review")
    against, review = evaluation()["baseline"], shop.root / "review"
    assert json.loads((review / "metrics.json").read_text()) == {
        "candidate": against["candidate"],  # type: ignore[index]
        "baseline": against["other"],  # type: ignore[index]
        "n_rows": 166,
    }
    assert {file.name for file in review.iterdir()} == {"metrics.json", "roc.json", "calibration.json"}
    assert json.loads((review / "roc.json").read_text()) == evaluation()["curves"]["roc"]  # type: ignore[index]


def test_a_rejected_candidate_is_told_and_is_no_failure(shop: ForeignProject) -> None:
    rows = table("tumours")
    shuffled = rows["benign"].sample(frac=1, random_state=3).array
    rows.assign(benign=shuffled).to_parquet(shop.data / "raw" / "tumours.parquet")
    result = call("train", "tumours", "--metrics", "metrics.json")
    assert "REJECTED: version 1 stays champion" in result.stdout
    assert "beats_baseline FAILED: roc_auc" in result.stdout
    assert result.stderr == ""
    assert json.loads((shop.root / "metrics.json").read_text())["candidate"]["roc_auc"]["value"] < 0.7


def test_a_training_that_comes_to_no_decision_fails_and_writes_nothing(shop: ForeignProject) -> None:
    (shop.data / "raw" / "tumours.parquet").unlink()
    with pytest.raises(NotStored, match="do not exist"):
        call("train", "tumours", "--metrics", "metrics.json")
    assert not (shop.root / "metrics.json").exists()


@pytest.mark.usefixtures("shop")
def test_a_model_that_does_not_exist_is_named_with_a_guess() -> None:
    with pytest.raises(WrongCall, match=r"no model 'tumuors'.*Did you mean 'tumours'"):
        call("train", "tumuors")


def test_without_options_nothing_is_written(tmp_path: Path) -> None:
    write_for_review({"baseline": {}, "curves": {"roc": []}}, None, None)
    assert list(tmp_path.iterdir()) == []
