import os

import pytest

from ml_platform.stores.mlflow.environment import DEFAULTS, changed, set_defaults


def test_defaults_leave_alone_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    name, other = list(DEFAULTS)[:2]
    monkeypatch.setenv(name, "7")
    monkeypatch.delenv(other, raising=False)
    set_defaults()
    assert (os.environ[name], os.environ[other]) == ("7", DEFAULTS[other])


def test_a_change_is_undone_after_an_error_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SET", "before")
    monkeypatch.delenv("UNSET", raising=False)
    with pytest.raises(RuntimeError), changed({"SET": "now", "UNSET": "now"}):
        raise RuntimeError
    assert os.environ["SET"] == "before"
    assert "UNSET" not in os.environ
