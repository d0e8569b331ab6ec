"""The commands of docs/lineage.md run, and each tells what the guide says that it does."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ml_platform.cli.main import cli
from ml_platform.cli.typed import program
from ml_platform.errors import WrongCall
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.installation import DATA
from ml_platform_tests.history import History
from ml_platform_tests.place import Place

GUIDE = Path(__file__).parents[2] / "docs" / "lineage.md"
COMMANDS = [
    line for block in re.findall(r"```sh\n(.*?)```", GUIDE.read_text(), re.DOTALL) for line in block.splitlines()
]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


def call(place: Place, command: str) -> Result:
    program, *arguments = shlex.split(command)
    assert program == "ml-platform"
    return CliRunner().invoke(cli, arguments, env={DATA: str(place.folder)}, catch_exceptions=False)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_guide_runs(history: History, copied: Place, command: str) -> None:
    result = call(copied, command.replace("ID", history.id))
    assert result.exit_code == 0, result.output
    if "json" in command:
        json.loads(result.stdout)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("ml-platform lineage prediction flights-0", r"Ids look like 'flights-[0-9a-f]{24}'"),
        ("ml-platform lineage data flights 2019-01", "partitions that were: 2013-01, 2013-02"),
        ("ml-platform verify --model fligths", "Did you mean 'flights'"),
    ],
)
def test_a_wrong_call_says_what_is_right(history: History, command: str, message: str) -> None:
    with pytest.raises(WrongCall, match=message):
        call(history.place, command)


def test_verify_ends_with_exit_code_1_and_names_file_hashes_dependents_and_command(copied: Place) -> None:
    artifact = ArtifactKey("flights", "labels", "2013-01")
    file = Path(copied.stores.tables.where(artifact, copied.stores.tables.require(artifact).version))
    file.write_bytes(file.read_bytes()[:-100])
    result = call(copied, "ml-platform verify --model flights --verbose")
    assert result.exit_code == 1
    for word in (
        f"DIFFERS {file}",
        "recorded: version",
        "cannot be read",
        "candidate/2013-01",
        f"do: Run: {program()}",
    ):
        assert word in result.stdout
    assert result.stdout.endswith(", differences: 1, not checked: 0\n")
