"""The log of a run holds its events with their stacks and what libraries log, and few of them are kept."""

import logging
from pathlib import Path

import dagster as dg
import pytest

from ml_platform.orchestration.execution import run_log as module
from ml_platform.orchestration.execution.run_job import run_job
from ml_platform.orchestration.execution.run_log import run_log
from ml_platform.stores.installation import DATA


def test_a_run_that_fails_leaves_events_stack_and_what_was_logged(
    instance: dg.DagsterInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(DATA, str(tmp_path))

    @dg.asset
    def careless(context: dg.AssetExecutionContext) -> None:
        context.log.info("about to divide")
        logging.getLogger("some.library").warning("zero is a strange number")
        raise ZeroDivisionError("by zero")

    definitions = dg.Definitions(assets=[careless], jobs=[dg.define_asset_job("shop_train", [careless])])
    outcome = run_job(definitions, instance, "shop_train", partition=None)
    assert outcome.log.parent == tmp_path / "logs"
    assert outcome.log.name.endswith(f"_shop_train_{outcome.run_id[:8]}.log")
    said = outcome.log.read_text(encoding="utf-8")
    assert "INFO careless: about to divide" in said
    assert "WARNING some.library: zero is a strange number" in said
    assert 'raise ZeroDivisionError("by zero")' in said
    assert "strange" not in capsys.readouterr().err


def test_afterwards_logging_is_as_before(tmp_path: Path) -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    with run_log(tmp_path, "shop_train"):
        pass
    assert (root.level, root.handlers) == before


def test_the_oldest_logs_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 3)
    for year in range(2013, 2019):
        (tmp_path / f"{year}-01-01T000000_shop_train.log").touch()
    with run_log(tmp_path, "shop_score") as log:
        pass
    assert [file.name[:4] for file in sorted(tmp_path.iterdir())][:2] == ["2017", "2018"]
    assert sorted(tmp_path.iterdir())[2:] == [log.file]
