from __future__ import annotations

from pathlib import Path

import pytest

from ml_platform.errors import SettingError
from ml_platform.stores.installation import DATA, DATABASE, MLFLOW_UI, RAW, STORE, Installation


def test_by_default_everything_is_below_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA, str(tmp_path / "a b"))
    installation = Installation.from_environment()
    assert installation.database_url == f"sqlite:///{tmp_path}/a%20b/ml_platform.db"
    assert installation.store_url == f"file://{tmp_path}/a%20b/objects"
    assert installation.raw_url == f"file://{tmp_path}/a%20b/raw"


@pytest.mark.parametrize(("name", "value"), [(DATA, "{0}/file"), (STORE, "objects"), (RAW, "raw")])
def test_a_variable_that_cannot_be_what_it_says_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(name, value.format(tmp_path))
    with pytest.raises(SettingError, match=f"^{name}: "):
        Installation.from_environment()


def test_database_object_store_and_raw_files_may_be_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATABASE, "postgresql://database/ml")
    monkeypatch.setenv(STORE, "s3://bucket/objects")
    monkeypatch.setenv(RAW, "gs://bucket/raw")
    installation = Installation.from_environment()
    assert installation.database_url == "postgresql://database/ml"
    assert installation.store_url == "s3://bucket/objects"
    assert installation.raw_url == "gs://bucket/raw"


def test_links_follow_the_addresses_that_were_recorded_last_unless_the_environment_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATA, str(tmp_path))
    assert Installation.from_environment().reports_url == "http://127.0.0.1:3001"
    dev = Installation(tmp_path, "", mlflow_ui="http://a:1", reports_url="http://a:2", dagster_ui="http://a:3")
    dev.record_addresses()
    monkeypatch.setenv(MLFLOW_UI, "http://b:1")
    later = Installation.from_environment()
    assert (later.mlflow_ui, later.reports_url, later.dagster_ui) == ("http://b:1", "http://a:2", "http://a:3")
