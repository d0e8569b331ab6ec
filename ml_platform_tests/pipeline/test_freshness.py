"""Features reach back over earlier partitions: the guide's commands run, a hole is named, a changed file is noticed."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ml_platform.errors import UncheckedData
from ml_platform.pipeline.freshness import passed_validation, require_earlier, require_fresh, require_window
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.stored import stored_table
from ml_platform.spec import load_spec
from ml_platform.stores.artifact import ArtifactKey, Manifest
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores
from ml_platform_tests.loop import Loop
from ml_platform_tests.markdown import commands
from ml_platform_tests.place import Place
from ml_platform_tests.quick import FLIGHTS

GUIDE = Path(__file__).parents[2] / "docs" / "time.md"


def test_the_guides_commands_make_marchs_features_and_a_changed_january_makes_them_old(place: Place) -> None:
    model = Model.load(load_spec(FLIGHTS), FLIGHTS)
    place.deliver("2013-02", "2013-03")
    with pytest.raises(
        UncheckedData, match=r"(?s)rolling aggregates of 'flights' 2013-03 read from 2013-01 .*2013-02: .*Run:"
    ):
        require_earlier(model, place.stores, "2013-03", RunContext())
    for command in commands(GUIDE.read_text(encoding="utf-8")):
        program, run, job, option, partition = shlex.split(command)
        assert (program, run, option) == ("ml-platform", "run", "--partition")
        outcome = place.run(job, partition)
        assert outcome.success, outcome.problems
    manifest = require_fresh(model, place.stores, "features", "2013-03", RunContext())
    assert {f"flights/valid_flights/2013-0{month}" for month in (1, 2, 3)} <= set(manifest.inputs)
    january = place.raw("flights/2013-01.parquet")
    pd.read_parquet(january).iloc[1:].to_parquet(january)
    with pytest.raises(UncheckedData, match=r"2013-01\.parquet has changed"):
        require_fresh(model, place.stores, "features", "2013-03", RunContext())
    assert require_fresh(model, place.stores, "labels", "2013-03", RunContext())


def test_a_run_looks_once_and_again_when_it_has_made_something_new(
    loop: Loop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, asked = RunContext(), []

    def counted(*arguments: Any) -> Manifest:
        asked.append(arguments)
        return passed_validation(*arguments)

    monkeypatch.setattr("ml_platform.pipeline.freshness.passed_validation", counted)
    first = require_window(loop.model, loop.stores, "features", None, run)
    require_window(loop.model, loop.stores, "labels", None, run)
    assert require_window(loop.model, loop.stores, "features", None, run) == first
    assert len(asked) == 1, "both are made from the same valid rows"
    elsewhere = Stores(Installation(tmp_path, f"sqlite:///{tmp_path}/mlflow.db"))
    for _ in range(2):
        stored_table(elsewhere, ArtifactKey("m", "features"), {"raw": "1"}, lambda: pd.DataFrame({"x": [1]}), run)
        require_window(loop.model, loop.stores, "features", None, run)
    assert len(asked) == 2, "the second time the table was kept"
    require_window(loop.model, loop.stores, "features", None, RunContext())
    assert len(asked) == 3, "another run looks for itself"


def test_training_rejects_data_that_changed_behind_its_validation(place: Place) -> None:
    """Only the training assets are selected, so that no check of this run guards the data."""
    model = Model.load(load_spec(FLIGHTS), FLIGHTS)
    assert list(require_window(model, place.stores, "features", "2013-01", RunContext())) == ["2013-01"]
    january = place.raw("flights/2013-01.parquet")
    pd.read_parquet(january).iloc[1:].to_parquet(january)
    with pytest.raises(UncheckedData, match=r"2013-01.parquet has changed since it was validated"):
        require_window(model, place.stores, "features", "2013-01", RunContext())
    with pytest.raises(UncheckedData, match=r"(?s)window 2013-01 … 2013-03 .*2013-02: .*2013-03: .*Run: "):
        require_window(model, place.stores, "features", "2013-03", RunContext())
