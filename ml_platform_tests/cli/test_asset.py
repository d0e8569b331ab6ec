"""`ml-platform asset` is Dagster's own group of commands, and `check` for CI with its exit codes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from ml_platform.cli.asset import asset
from ml_platform.errors import WrongCall
from ml_platform.stores.installation import DATA
from ml_platform_tests.place import Place


def test_exit_codes_of_the_command(trained: Place, tmp_path: Path) -> None:
    shutil.copytree(trained.folder, tmp_path / "data")
    environment = {DATA: str(tmp_path / "data"), "DAGSTER_HOME": str(tmp_path / "dagster")}

    def code(*arguments: str) -> int:
        os.environ.pop("DAGSTER_HOME", None)
        return CliRunner().invoke(asset, ["check", *arguments], env=environment, catch_exceptions=False).exit_code

    assert code("--select", "key:flights/features", "--partition", "2013-01") == 0
    assert code("--select", "key:flights/features", "--partition", "2013-02", "--output", "github") == 1
    with pytest.raises(WrongCall, match="group:nobody"):
        code("--select", "group:nobody")
    assert code("--output", "xml") == 2


def test_dagsters_own_commands_are_in_the_same_group() -> None:
    assert {"list", "materialize", "wipe", "check"} <= set(asset.commands)
