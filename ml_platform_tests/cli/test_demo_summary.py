"""What the demo found is told from what is stored: rows, models, drift and decisions."""

from __future__ import annotations

import shlex
from io import StringIO

import pytest
from rich.console import Console

from ml_platform.cli import demo_summary
from ml_platform.cli.main import cli
from ml_platform_tests.loop import Loop


@pytest.fixture(scope="module")
def said(loop: Loop) -> str:
    console = Console(record=True, width=300, file=StringIO())
    demo_summary.print_summary(console, loop.stores, "tumours", "tumours")
    return console.export_text()


def cells(text: str, title: str) -> list[list[str]]:
    """Return the cells of the rows of a table."""
    lines = text.partition(title)[2].partition("└")[0].splitlines()
    return [[cell.strip() for cell in line.strip("│ ").split("│")] for line in lines if line.startswith("│")]


def test_rows_models_drift_and_decisions_are_told(said: str, loop: Loop) -> None:
    assert cells(said, "Contracts") == [["tumours", "whole", "569", "0"]]
    ((_, metric, candidate, baseline, then, n_rows),) = cells(said, "with 95% intervals")
    measured = loop.stores.documents.read(loop.model.artifact("evaluation", None))["baseline"]
    auc = measured["candidate"]["roc_auc"]
    assert metric == "ROC AUC"
    assert candidate == f"{auc['value']:.3f} ({auc['low']:.3f} … {auc['high']:.3f})"
    assert (baseline, then, n_rows) == ("0.500 (0.500 … 0.500)", "-", "166")
    ((_, by, largest),) = cells(said, "Drift against the reference")
    assert (by, largest.count("0.00")) == ("v1", demo_summary.LARGEST)
    assert cells(said, "Decisions")[0][1] == "promoted v1"
    assert "there is no champion yet" in said


def test_the_commands_that_lead_further_can_be_called(said: str) -> None:
    typed = [line.split() for line in demo_summary.further("tumours").splitlines()[2:]]
    for program, command, *_ in typed:
        assert program == ".venv/bin/ml-platform"
        assert command in cli.list_commands(None)  # type: ignore[arg-type]
    assert shlex.join(typed[0]) in " ".join(said.split())
