"""Messages name commands as they can be typed: with their path when the environment is not active."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ml_platform.cli.typed import as_typed, program, say

BIN = Path(sys.executable).parent


@pytest.fixture
def inactive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The shell does not find the environment's programs, and stands elsewhere."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def test_where_the_shell_finds_it_the_name_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(BIN))
    assert program() == "ml-platform"


@pytest.mark.usefixtures("inactive")
def test_elsewhere_it_is_the_path_relative_where_it_lies_below(monkeypatch: pytest.MonkeyPatch) -> None:
    assert program() == str(BIN / "ml-platform")
    monkeypatch.chdir(BIN.parent.parent)
    assert program() == f"{BIN.parent.name}/bin/ml-platform"


@pytest.mark.usefixtures("inactive")
@pytest.mark.parametrize(
    ("told", "typed"),
    [
        ("There is none. Run: ml-platform fetch flights", "There is none. Run: {0}/ml-platform fetch flights"),
        ("record it: dvc commit.", "record it: {0}/dvc commit."),
        ("next: dg check yaml", "next: {0}/dg check yaml"),
        ("Made by ml-platform 0.1.0, as dvc.lock and DVC say; see /x/ml-platform data", None),
        ("dg cannot read this project", None),
    ],
)
def test_commands_in_a_message_are_written_so_and_nothing_else_is(told: str, typed: str | None) -> None:
    assert as_typed(told) == (typed.format(BIN) if typed else told)


def test_a_message_is_printed_so(capsys: pytest.CaptureFixture[str]) -> None:
    say("Run: ml-platform fetch", err=True)
    assert capsys.readouterr() == ("", f"Run: {program()} fetch\n")
