"""What the demo found is told from what is stored: rows, models, drift and decisions."""

from __future__ import annotations

import shlex
from io import StringIO

import pytest
from rich.console import Console

from ml_platform.cli import demo_summary
from ml_platform.cli.main import cli
from ml_platform.stores.artifact import ArtifactKey
from ml_platform_tests.place import Place


@pytest.fixture(scope="module")
def said(trained: Place) -> str:
    console = Console(record=True, width=300, file=StringIO())
    demo_summary.print_summary(console, trained.stores, "flights")
    return console.export_text()


def cells(text: str, title: str) -> list[list[str]]:
    """Return the cells of the rows of a table."""
    lines = text.partition(title)[2].partition("└")[0].splitlines()
    return [[cell.strip() for cell in line.strip("│ ").split("│")] for line in lines if line.startswith("│")]


def test_the_rows_of_every_table_are_counted(said: str, trained: Place) -> None:
    counted = {(table, partition): (valid, aside) for table, partition, valid, aside in cells(said, "Contracts")}
    assert set(counted) == {("flights", "2013-01"), ("planes", "whole"), ("weather", "whole")}
    n_rows = trained.stores.tables.require(ArtifactKey("flights", "valid_flights", "2013-01")).n_rows
    assert counted["flights", "2013-01"] == (f"{n_rows:,}", "0")


def test_models_drift_and_decisions_are_told(said: str, trained: Place) -> None:
    ((month, metric, candidate, _, then, n_rows),) = cells(said, "with 95% intervals")
    measured = trained.stores.documents.read(ArtifactKey("flights", "evaluation", "2013-01"))["baseline"]
    auc = measured["candidate"]["roc_auc"]
    assert (month, metric, then, n_rows) == ("2013-01", "ROC AUC", "-", f"{measured['n_rows']:,}")
    assert candidate == f"{auc['value']:.3f} ({auc['low']:.3f} … {auc['high']:.3f})"
    ((month, by, largest),) = cells(said, "Drift against the reference")
    assert (month, by, len(largest.split(", "))) == ("2013-01", "v1", demo_summary.LARGEST)
    assert cells(said, "Decisions")[0][:2] == ["2013-01", "promoted v1"]
    assert "there is no champion yet" in said


def test_the_commands_that_lead_further_can_be_called(said: str) -> None:
    typed = [line.split() for line in demo_summary.further("flights").splitlines()[2:]]
    for program, command, *_ in typed:
        assert program == ".venv/bin/ml-platform"
        assert command in cli.list_commands(None)  # type: ignore[arg-type]
    assert shlex.join(typed[0]) in " ".join(said.split())
