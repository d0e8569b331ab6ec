"""Every wrong call of the command line is answered in one sentence, without a stack, and with exit code 2.

What is wrong with the installation, such as a file that is missing, ends with 1.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from ml_platform.cli import main
from ml_platform.cli.main import COMMANDS
from ml_platform.orchestration.execution.dagster_home import DAGSTER_HOME
from ml_platform.stores.installation import DATA, DATABASE, RAW, STORE

WRONG = {
    "trian": "Did you mean 'train'?",
    "run": "Missing argument 'JOB'. Run:",
    "run flights_train --partion 2013-01": "Did you mean '--partition'?",
    "run flights_trian": "Did you mean flights_train?",
    "run flihts_train": "Did you mean flights_train?",
    "run flights": "a job is a model (employment, flights) and one of",
    "run flights_train": "needs a partition, 2013-01 … 2013-12. Run:",
    "run flights_train --partition 2013-13": "no partition '2013-13', only 2013-01 … 2013-12",
    "run flights_score --partition January": "no partition 'January'",
    "train": "Missing argument 'MODEL'",
    "train flihts": "Did you mean 'flights'?",
    "train flights": "needs a partition",
    "refresh flihts": "Did you mean 'flights'?",
    "status flihts": "Did you mean 'flights'?",
    "status flights --output xml": "'xml' is not one of",
    "rebuild flihts --into there": "Did you mean 'flights'?",
    "rebuild flights": "Missing option '--into'",
    "lineage prediction nonsense": "is not the id of a prediction",
    "lineage data flights 2099-01": "Nothing is stored of a model 'flights'",
    "lineage predicton x": "Did you mean 'prediction'?",
    "vacuum --older-than soon": "is not an age",
    "verify --model flights": "Nothing is stored of a model 'flights'",
    "fetch flihts": "'flihts' is not one of",
    "new churn --from missing.csv --target x": "missing.csv does not exist",
    "new churn --from . --target x": ". is not a file",
    "new churn --from table.csv --target x": "has no column 'x'",
    "new churn --from table.csv --target a --time at": "has no column 'at'",
    "new Churn --from table.csv --target a": "cannot name a model",
    "new flights --from table.csv --target a": "there already",
    "asset check --select nonsense": "is no selection of assets here",
    "asset check --select (((": "is no selection of assets here",
    "asset check --select group:nonsense": "matches no asset that has checks",
    "asset check --select group:flights --partition 2013-77": "only 2013-01 … 2013-12",
    "asset materialize --select nonsense": "is no selection of assets here",
    "asset materialize --select (((": "is no selection of assets here",
    'asset materialize --select key:"flights/features"': "needs a --partition, 2013-01 … 2013-12",
    'asset materialize --select key:"flights/features" --partition 2013-99': "only 2013-01 … 2013-12",
    "add": "Missing argument 'MODEL'",
    "add flihts --from table.csv": "Did you mean 'flights'?",
    "dev --port 99999": "is not in the range",
    "dev --reports-port 0": "is not in the range",
    "reports --port 99999": "is not in the range",
}
"""What is wrong with the call, by the call."""

BROKEN: dict[str, tuple[dict[str, str], str]] = {
    "run flights_ingest --partition 2013-01": ({}, "do not exist: {0}/data/raw/flights/2013-01.parquet"),
    "train flights --partition 2013-03": ({}, "fetch flights"),
    "rebuild flights --into there": ({}, "has no champion"),
    "status": ({DATABASE: "nonsense"}, "has to begin with sqlite:///"),
    "status flights": ({DATA: "table.csv"}, "is a file"),
    "run employment_ingest --partition 2015": ({STORE: "nonsense"}, "is no URL"),
    "run employment_score --partition 2015": ({RAW: "nonsense"}, "is no URL"),
    "train employment --partition 2015": ({DATABASE: "postgresql://127.0.0.1:1/x"}, "does not answer"),
    "asset check": ({DAGSTER_HOME: "nonsense"}, "is not the absolute path of a folder"),
}
"""What is wrong with the installation, by a call: the environment, and what is said."""


@pytest.fixture(autouse=True)
def _nothing_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation without any data, and a folder with a table."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(DATA, str(tmp_path / "data"))
    monkeypatch.delenv(DAGSTER_HOME, raising=False)
    (tmp_path / "table.csv").write_text("a,b\n1,2\n3,4\n")


def answer(call: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[object, str]:
    """Call the command line as its entry point does; return the exit code and all that was said."""
    monkeypatch.setattr(sys, "argv", ["ml-platform", *call.split()])
    monkeypatch.setattr(main, "_leave", sys.exit)  # which ends the process
    with pytest.raises(SystemExit) as ended:
        main.main()
    said = capsys.readouterr()
    return ended.value.code, said.out + said.err


@pytest.mark.parametrize("call", WRONG)
def test_a_wrong_call_is_answered_in_a_sentence(
    call: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = answer(call, monkeypatch, capsys)
    assert WRONG[call] in said
    assert (code, said.count("\n"), said[:7]) == (2, 1, "error: "), said


@pytest.mark.parametrize("call", BROKEN)
def test_what_is_wrong_with_the_installation_is_told_in_a_sentence(
    call: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    environment, expected = BROKEN[call]
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    code, said = answer(call, monkeypatch, capsys)
    assert expected.format(tmp_path) in said
    assert code == 1
    assert said.startswith("error: ")
    assert not any(word in said for word in ("Traceback", "Nobody expected"))


@pytest.mark.parametrize("command", ["dev", "reports"])
def test_a_port_that_is_taken_is_told(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, said = answer(f"{command} --port {port}", monkeypatch, capsys)
    assert (code, f"Port {port} is taken" in said) == (1, True)


def test_every_command_that_can_be_called_in_a_wrong_way_is_in_the_table() -> None:
    assert {call.split()[0] for call in WRONG} >= set(COMMANDS) - {"demo"}
