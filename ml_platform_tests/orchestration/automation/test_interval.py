"""The environment says how often all sensors look, or else each sensor does."""

from __future__ import annotations

import pytest

from ml_platform.errors import SpecError
from ml_platform.orchestration.automation.interval import SENSOR_SECONDS, interval


def test_a_sensors_own_interval_holds_without_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SENSOR_SECONDS, raising=False)
    assert interval(30) == 30
    monkeypatch.setenv(SENSOR_SECONDS, "")
    assert interval(30) == 30, "docker-compose.yml passes on an empty one"


def test_the_environment_holds_for_every_sensor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SENSOR_SECONDS, "5")
    assert [interval(30), interval(300)] == [5, 5]


@pytest.mark.parametrize("wrong", ["soon", "0", "-5", "1.5"])
def test_anything_but_a_whole_number_of_seconds_is_an_error_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setenv(SENSOR_SECONDS, wrong)
    with pytest.raises(SpecError, match=SENSOR_SECONDS):
        interval(30)
