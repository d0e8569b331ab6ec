from pathlib import Path

import pytest

from ml_platform.stores.mlflow.addresses import is_server, masked, sqlite_file


@pytest.mark.parametrize(
    ("uri", "file"),
    [("sqlite:////data/mlflow.db", Path("/data/mlflow.db")), ("sqlite://", None), ("postgresql://host/mlflow", None)],
)
def test_the_file_of_an_sqlite_address(uri: str, file: Path | None) -> None:
    assert sqlite_file(uri) == file


@pytest.mark.parametrize(("uri", "expected"), [("http://mlflow:5000", True), ("sqlite:///mlflow.db", False)])
def test_which_address_is_a_server(uri: str, expected: bool) -> None:
    assert is_server(uri) == expected


def test_the_password_of_every_address_is_masked() -> None:
    said = "http://me:secret@host/x and postgresql+psycopg2://me:secret@host/y?sslmode=require"
    assert masked(said) == said.replace("secret", "***")
