"""An MLflow that does not answer is one message, within seconds."""

import socket
from pathlib import Path
from typing import Any

import pytest

from ml_platform.errors import RegistryUnavailable
from ml_platform.stores.mlflow.addresses import masked
from ml_platform.stores.mlflow.connection import Connection
from ml_platform.stores.mlflow.registry import Registry


@pytest.mark.parametrize("scheme", ["http", "postgresql+psycopg2"])
def test_nobody_there_is_one_message_without_the_password(scheme: str, capfd: Any) -> None:
    with socket.socket() as free:  # a port that nobody listens to
        free.bind(("127.0.0.1", 0))
        uri = f"{scheme}://user:secret@127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(RegistryUnavailable) as caught:
        Connection(uri).open()
    message = str(caught.value)
    assert message.startswith(f"MLflow at {masked(uri)} cannot be reached: ")
    assert "set MLFLOW_TRACKING_URI" in message
    assert "secret" not in message + "".join(capfd.readouterr())
    assert "\n" not in message


def test_a_database_that_is_none_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "mlflow.db"
    file.write_bytes(b"this is no database" * 100)
    before = file.read_bytes()
    with pytest.raises(RegistryUnavailable, match=r"mlflow\.db cannot be reached: file is not a database"):
        Connection(f"sqlite:///{file}").open()
    assert file.read_bytes() == before


@pytest.mark.parametrize("uri", ["sqlite://", "sqlite:////proc/nowhere/x.db", "nonsense://x"])
def test_an_address_that_cannot_be_is_one_message(uri: str) -> None:
    with pytest.raises(RegistryUnavailable, match="MLflow"):
        Connection(uri).open()


def test_after_the_repair_the_same_connection_works(tmp_path: Path) -> None:
    folder = tmp_path / "mlflow"
    folder.write_text("a file where the folder should be")
    connection = Connection(f"sqlite:///{folder / 'mlflow.db'}")
    with pytest.raises(RegistryUnavailable):
        connection.open()
    folder.unlink()
    connection.open()
    assert Registry(connection).champion("flights") is None
