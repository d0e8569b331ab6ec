"""The first half of a table becomes a model, and the second comes file by file: scored, with no line edited."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from ml_platform.cli.main import cli
from ml_platform.errors import DataError
from ml_platform.orchestration.execution.dagster_home import DAGSTER_HOME
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.installation import DATA
from ml_platform_tests.cli.called import call
from ml_platform_tests.e2e.shapes import SHAPES, Shape, csv, orders
from ml_platform_tests.pipeline.delivery.visits import raw_files
from ml_platform_tests.scaffold.project import ForeignProject, foreign_project

N_LATER = 2
"""Files that are added, with a bad one between them."""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ForeignProject:
    """The working directory: a project of somebody else's."""
    project = foreign_project(tmp_path)
    monkeypatch.chdir(project.root)
    monkeypatch.setenv(DATA, str(project.data))
    monkeypatch.delenv(DAGSTER_HOME, raising=False)
    return project


def cut(shape: Shape, rows: pd.DataFrame) -> Iterator[tuple[str | None, pd.DataFrame]]:
    """Yield the rows of the first file under the key of its last partition, and those of later ones under theirs."""
    if shape.time is None:
        yield None, rows[: shape.n_first]
        n_rest = (len(rows) - shape.n_first) // N_LATER
        for n in range(N_LATER):
            yield None, rows[shape.n_first + n * n_rest : shape.n_first + (n + 1) * n_rest]
        return
    months = rows[shape.time].dt.strftime("%Y-%m")
    keys = sorted(set(months))[: -1 if shape.time == "signed_up" else None]
    half = len(keys) // 2
    yield keys[half - 1], rows[months <= keys[half - 1]]
    for key in keys[half : half + N_LATER]:
        yield key, rows[months == key]


def write(shape: Shape, rows: pd.DataFrame, file: Path) -> list[str]:
    return ["--from", *shape.write(rows, file)]


QUICK = ("binary, time, labels late", "multiclass, no time")
"""Shapes that `make test` tries too."""


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.long) for name in SHAPES]
)
def test_no_line_is_edited_no_honest_file_rejected_and_the_bad_one_is(here: ForeignProject, name: str) -> None:
    shape = SHAPES[name]
    (trained, first), *later = cut(shape, shape.rows())
    options = [
        "--target",
        shape.target,
        *shape.options,
        *(("--time", shape.time, "--every", "month") if shape.time else ()),
    ]
    call("new", "shape", *write(shape, first, here.root / "first"), *options)
    call("train", "shape", *(("--partition", trained) if trained else ()))
    assert here.stores.ledger("shape").champion() is not None
    n_delivered = len(first)
    for n, (key, rows) in enumerate(later):
        if n:
            reject(here, write(shape, shape.bad(rows), here.root / "bad"), shape.wrong)
        call("add", "shape", *write(shape, rows.drop(columns=[*shape.late]), here.root / f"later {n}"))
        n_delivered += len(rows)
        predictions = here.stores.tables.read(ArtifactKey("shape", "predictions", key))
        assert len(predictions) == (len(rows) if key else n_delivered)
    if shape.late:
        outcomes = rows[["order", shape.target]]
        call("add", "shape", *write(shape, outcomes, here.root / "outcomes"))
        assert here.stores.tables.read(ArtifactKey("shape", "labels", key))["label"].notna().all()


def reject(project: ForeignProject, source: list[str], column: str) -> None:
    """Add a file that breaks the contract in a column: it is named, and nothing is stored."""
    raw = raw_files(project)
    result = CliRunner().invoke(cli, ["add", "shape", *source])
    assert isinstance(result.exception, DataError)
    assert "bad" in str(result.exception)
    assert f"'{column}'" in result.output
    assert raw_files(project) == raw


def test_a_hundred_rows_are_too_few_to_promote_and_more_of_them_are_not(here: ForeignProject) -> None:
    """The gates need 100 test rows; what is added is stored all the same, and then trained on."""
    rows = orders("bought", "at")()
    first, rest = rows[:100], rows[100:1200]
    call("new", "few", *["--from", *csv(first, here.root / "first")], "--target", "bought")
    call("train", "few")
    assert here.stores.ledger("few").champion() is None
    assert "has no champion yet" in call("add", "few", *["--from", *csv(rest, here.root / "rest")]).stdout
    call("train", "few")
    call("run", "few_score")
    assert here.stores.ledger("few").champion() is not None
    assert len(here.stores.tables.read(ArtifactKey("few", "predictions", None))) > 0.99 * 1200
