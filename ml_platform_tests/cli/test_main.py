"""The commands are imported when they are called; what a person can repair ends in one message and an exit code."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from ml_platform.cli import main
from ml_platform.cli.group import first_sentence
from ml_platform.errors import DataError, Interrupted
from ml_platform.stores.installation import DATA


@pytest.fixture(autouse=True)
def _garbage_is_looked_for_as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def end_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the command line with a command that raises."""

    def command(**_: object) -> None:
        raise error

    monkeypatch.setattr(main, "cli", command)
    monkeypatch.setattr(main, "_leave", sys.exit)  # which ends the process
    main.main()


def test_the_help_names_every_command_and_what_it_does() -> None:
    result = CliRunner().invoke(main.cli, ["--help"])
    said = " ".join(result.output.split())
    assert all(f" {name} {sentence}" in said for name, sentence in main.COMMANDS.items())


@pytest.mark.parametrize("name", main.COMMANDS)
def test_each_command_has_a_help_of_its_own_that_begins_as_the_group_says(name: str) -> None:
    result = CliRunner().invoke(main.cli, [name, "--help"])
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: cli {name} ")
    command = main.cli.get_command(click.Context(main.cli), name)
    assert command is not None
    assert first_sentence(command) == main.COMMANDS[name]


def test_a_command_that_does_not_exist_is_a_wrong_call() -> None:
    result = CliRunner().invoke(main.cli, ["trian"])
    assert (result.exit_code, "No such command 'trian'" in result.output) == (2, True)


def test_what_a_person_can_repair_is_one_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        end_with(DataError("flights/2013-01.parquet: 0 rows"), monkeypatch)
    assert ended.value.code == 1
    assert capsys.readouterr() == ("", "error: flights/2013-01.parquet: 0 rows\n")


def test_a_command_that_was_stopped_ends_at_once_as_shells_have_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    codes: list[int] = []

    def leave(code: int) -> None:
        codes.append(code)
        sys.exit(code)

    monkeypatch.setattr(os, "_exit", leave)
    with pytest.raises(SystemExit):
        end_with(Interrupted("run 1 is marked as cancelled."), monkeypatch)
    assert (codes, capsys.readouterr().err) == ([130], "stopped: run 1 is marked as cancelled.\n")


def test_what_nobody_expected_leaves_its_stack_in_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv(DATA, str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        end_with(ZeroDivisionError("by zero"), monkeypatch)
    (file,) = (tmp_path / "logs").iterdir()
    assert ended.value.code == 1
    assert capsys.readouterr().err == (
        f"error: ZeroDivisionError: by zero\n  Nobody expected this error. Its stack is in {file}\n"
    )
    assert "in command" in file.read_text()


def test_a_stack_that_can_be_written_nowhere_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "data").touch()
    monkeypatch.setenv(DATA, str(tmp_path / "data"))
    with pytest.raises(SystemExit):
        end_with(ZeroDivisionError("by zero"), monkeypatch)
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.processes
def test_starting_imports_neither_dagster_nor_pandas() -> None:
    code = "import sys; import ml_platform.cli.main; print({'dagster', 'pandas', 'mlflow'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.processes
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [(["vacuum", "--help"], 0, "--older-than"), (["vacuum", "--older-than", "1w"], 2, "such as 90d")],
)
def test_the_process_ends_with_the_code_and_everything_said(arguments: list[str], code: int, said: str) -> None:
    command = [sys.executable, "-m", "ml_platform.cli.main", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert said in done.stdout + done.stderr


def test_it_is_a_group_of_click() -> None:
    assert isinstance(main.cli, click.Group)
