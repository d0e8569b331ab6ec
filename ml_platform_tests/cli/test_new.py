"""`ml-platform new` writes a model from a table, and says what it guessed and why."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ml_platform.cli.new_summary import next_commands
from ml_platform.errors import DataError, PlatformError, WrongCall
from ml_platform.stores.raw import RawStore
from ml_platform_tests.cli.visits import everything
from ml_platform_tests.scaffold.project import ForeignProject


def test_the_rows_go_to_raw_as_parquet_each_into_its_partition_in_the_time_zone(
    project: ForeignProject, file: Path
) -> None:
    found = project.new("visits", file, "bought", time="at", timezone="Asia/Kolkata")
    store = RawStore((project.data / "raw").absolute().as_uri(), Path("none"))
    assert store.partitions("visits") == list(found.partitioning.rows if found.partitioning else ())
    frame = pd.concat([store.read("visits", key) for key in store.partitions("visits")], ignore_index=True)
    pd.testing.assert_frame_equal(
        frame[["at", "x", "bought"]], pd.read_csv(file, parse_dates=["at"]), check_dtype=False
    )
    for key in store.partitions("visits"):
        assert set(store.read("visits", key)["at"].dt.strftime(model_format(project))) == {key}


def model_format(project: ForeignProject) -> str:
    partitions = project.model("visits").spec.partitions
    assert partitions is not None
    return partitions.key_format


def test_it_says_each_use_with_its_reason_and_what_to_run_next(project: ForeignProject, file: Path) -> None:
    found = project.new("visits", file, "bought", time="at")
    said = project.console.export_text()
    for words in ("bought", "target", "positive: 'yes'", "numbered", "ml-platform train visits --partition 2024-09"):
        assert words in said
    assert len(said[said.index("WROTE ") :].splitlines()) == 3, "the outcome, below the reasons"
    assert next_commands(found, "visits")[0] == "dg check defs"


WRONG: dict[str, tuple[str, str, dict[str, object], type[PlatformError], str]] = {
    "name": ("My Visits", "visits.csv", {}, WrongCall, "cannot name a model"),
    "file": ("visits", "none.csv", {}, WrongCall, "does not exist"),
    "Parquet that is none": ("visits", "broken.parquet", {}, DataError, "cannot be read as Parquet"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_call_writes_nothing(project: ForeignProject, file: Path, case: str) -> None:
    name, other, options, kind, words = WRONG[case]
    (file.parent / "broken.parquet").write_bytes(b"PAR1 no PAR1")
    before = everything(project)
    with pytest.raises(kind, match=words):
        project.new(name, file.parent / other, "bought", **options)
    assert everything(project) == before


def test_parquet_keeps_its_types_and_leaves_out_what_no_model_can_use(project: ForeignProject, file: Path) -> None:
    frame = pd.read_csv(file, parse_dates=["at"])
    frame = frame.assign(
        plan=pd.Categorical(np.where(frame.index % 3, "a", "b")), tags=[["x", "y"]] * len(frame), empty=None
    )
    frame.to_parquet(file.with_suffix(".parquet"))
    found = project.new("visits", file.with_suffix(".parquet"), "bought", time="at")
    assert set(found.source.dropped) == {"tags", "empty"}
    assert project.model("visits").kinds == {
        "at_weekday": "category",
        "at_hour": "number",
        "x": "number",
        "plan": "category",
    }
