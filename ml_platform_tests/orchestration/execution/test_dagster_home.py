"""Dagster's home has settings for one machine, unless somebody has written others."""

from __future__ import annotations

import os
from pathlib import Path

import dagster as dg
import pytest

from ml_platform.errors import SettingError
from ml_platform.orchestration.execution.dagster_home import (
    DAGSTER_HOME,
    HEAD,
    SETTINGS,
    dagster_instance,
    ensure_dagster_home,
)
from ml_platform.orchestration.execution.event_log import BatchedEventLog
from ml_platform.orchestration.execution.run_launcher import WatchedRunLauncher
from ml_platform.stores.installation import DATA


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(DAGSTER_HOME, raising=False)
    monkeypatch.setenv(DATA, str(tmp_path / "data"))
    return tmp_path / "data"


def test_without_a_home_it_lies_in_the_data_and_dagster_can_load_its_settings(data: Path) -> None:
    assert ensure_dagster_home() == data / "dagster"
    assert os.environ[DAGSTER_HOME] == str(data / "dagster")
    with dg.DagsterInstance.get() as instance:
        assert isinstance(instance.event_log_storage, BatchedEventLog)
        assert isinstance(instance.run_launcher, WatchedRunLauncher)
        assert instance.global_op_concurrency_default_limit == 1
        assert instance.run_monitoring_settings["max_runtime_seconds"] > 0, "or runs of a crashed host never end"
        assert not instance.telemetry_enabled


@pytest.mark.parametrize("before", [None, HEAD + "telemetry:\n  enabled: true\n", SETTINGS])
def test_settings_of_ours_are_those_of_today(data: Path, before: str | None) -> None:
    settings = data / "dagster" / "dagster.yaml"
    settings.parent.mkdir(parents=True)
    if before is not None:
        settings.write_text(before, encoding="utf-8")
    ensure_dagster_home()
    assert settings.read_text(encoding="utf-8") == SETTINGS


def test_a_home_and_settings_of_somebody_else_are_left_alone(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DAGSTER_HOME, str(tmp_path / "mine"))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "dagster.yaml").write_text("telemetry: {enabled: false}\n", encoding="utf-8")
    assert ensure_dagster_home() == tmp_path / "mine"
    assert (tmp_path / "mine" / "dagster.yaml").read_text(encoding="utf-8") == "telemetry: {enabled: false}\n"
    assert not data.exists()


def test_a_home_that_is_no_absolute_path_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DAGSTER_HOME, "somewhere")
    with pytest.raises(SettingError, match="'somewhere' is not the absolute path of a folder"):
        ensure_dagster_home()


def test_settings_that_dagster_cannot_use_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DAGSTER_HOME, str(tmp_path))
    (tmp_path / "dagster.yaml").write_text(": : [", encoding="utf-8")
    with pytest.raises(SettingError, match=r"Dagster cannot use .*dagster\.yaml"), dagster_instance():
        pass
