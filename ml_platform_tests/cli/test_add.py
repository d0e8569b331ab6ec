"""`ml-platform new` on the first half of a table, and `add` file by file on the second: one table of each shape."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import yaml

from ml_platform.errors import DataError, NotStored
from ml_platform.orchestration.execution.dagster_home import DAGSTER_HOME
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.dvc import md5_of
from ml_platform.stores.installation import DATA
from ml_platform_tests.cli.called import call
from ml_platform_tests.pipeline.delivery.visits import first_half, month, visits, write_csv
from ml_platform_tests.scaffold.project import ForeignProject


@pytest.fixture
def here(project: ForeignProject, monkeypatch: pytest.MonkeyPatch) -> ForeignProject:
    """The working directory: a project of somebody else's."""
    monkeypatch.chdir(project.root)
    monkeypatch.setenv(DATA, str(project.data))
    monkeypatch.delenv(DAGSTER_HOME, raising=False)
    return project


def train_quickly(project: ForeignProject, model: str, *partition: str) -> None:
    """Train with one estimator, and whatever it is worth."""
    yaml = project.defs / model / "defs.yaml"
    text = yaml.read_text(encoding="utf-8").replace("      hist_gradient_boosting: {}\n", "")
    yaml.write_text(text, encoding="utf-8")
    call("train", model, *partition)
    assert project.stores.ledger(model).champion() is not None


def predicted(project: ForeignProject, model: str, partition: str | None) -> int:
    return len(project.stores.tables.read(ArtifactKey(model, "predictions", partition)))


def test_months_are_added_scored_and_trained_on_when_their_outcomes_come(here: ForeignProject) -> None:
    first_half(here, missing=("?",))
    july, august = month("2024-07"), month("2024-08")
    train_quickly(here, "visits", "--partition", "2024-06")
    said = call("add", "visits", "--from", str(write_csv(july.drop(columns="bought"), here.root / "july.csv"))).stdout
    assert "2024-07: 82 new of 82 rows" in said
    assert predicted(here, "visits", "2024-07") == 82
    with pytest.raises(DataError, match=r"bad\.csv: nothing is stored"):
        call("add", "visits", "--from", str(write_csv(august.assign(x=august["x"] * 100), here.root / "bad.csv")))
    call("add", "visits", "--from", str(write_csv(july[["id", "bought"]], here.root / "outcomes.csv")))
    assert here.stores.tables.read(ArtifactKey("visits", "labels", "2024-07"))["label"].notna().all()
    said = call(
        "add", "visits", "--from", str(write_csv(august.drop(columns="bought"), here.root / "august.csv"))
    ).stdout
    assert predicted(here, "visits", "2024-08") == len(august)
    call("train", "visits", "--partition", "2024-08")
    frame = here.stores.tables.read(ArtifactKey("visits", "training_set", "2024-08"))
    assert frame["id"].max() == july["id"].max(), "what is known of July, and nothing of August"


TARGETS = {"regression": "progress", "multiclass": "kind"}


@pytest.mark.parametrize("shape", TARGETS)
def test_a_table_without_time_and_key_grows(here: ForeignProject, shape: str) -> None:
    target = TARGETS[shape]
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"a": rng.integers(0, 9, 800), "b": rng.random(800).round(4)})
    frame["progress"] = (frame["a"] * 2.5 + frame["b"] + rng.normal(0, 6, 800)).round(3)
    frame["kind"] = np.array(["low", "middle", "high"])[np.digitize(frame["b"] + rng.normal(0, 0.1, 800), [0.3, 0.6])]
    frame = frame.drop(columns="kind" if target == "progress" else "progress")
    files = {name: here.root / f"{name}.csv" for name in ("first", "second", "third")}
    for (_, file), part in zip(files.items(), (frame[:500], frame[500:700], frame[700:]), strict=True):
        part.to_csv(file, index=False)
    here.new("things", files["first"], target)
    train_quickly(here, "things")
    call("run", "things_score")
    for name, n_rows in (("second", 700), ("third", 800)):
        call("add", "things", "--from", str(files[name]))
        assert predicted(here, "things", None) == n_rows
    assert "nothing new" in call("add", "things", "--from", str(files["second"])).stdout


def test_without_a_champion_it_says_what_to_train_and_the_same_again_changes_nothing(here: ForeignProject) -> None:
    first_half(here, missing=("?",))
    file = write_csv(visits()[lambda rows: rows["at"] >= "2024-07-01"], here.root / "rest.csv")
    assert "no champion yet" in call("add", "visits", "--from", str(file)).stdout
    assert "every row is stored already" in call("add", "visits", "--from", str(file), "--no-score").stdout


def test_a_file_that_does_not_exist_is_named(here: ForeignProject) -> None:
    first_half(here, missing=("?",))
    with pytest.raises(NotStored, match=r"none\.csv does not exist"):
        call("add", "visits", "--from", "none.csv")


def test_a_correction_of_a_file_that_dvc_records_is_stored_and_says_what_dvc_needs(here: ForeignProject) -> None:
    first_half(here, missing=("?",))
    file = here.data / "raw" / "visits" / "2024-06.parquet"
    lock = {"stages": {"make": {"outs": [{"path": str(file.relative_to(here.root)), "md5": md5_of(file)}]}}}
    (here.root / "dvc.lock").write_text(yaml.safe_dump(lock), encoding="utf-8")
    june = write_csv(month("2024-06").assign(n=1), here.root / "june.csv")
    with pytest.raises(DataError, match=r"2024-06\.parquet\. Run: dvc commit, then ml-platform refresh visits$"):
        call("add", "visits", "--from", str(june))
