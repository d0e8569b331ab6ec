"""The next step is the most urgent one: missing files, stale partitions, a first model, new files, drift."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ml_platform.pipeline.next_step import NOTHING, next_step
from ml_platform.pipeline.status import Champion, Decision, Drift, Stale, Status

AT = datetime(2013, 4, 1, tzinfo=UTC)
CHAMPION = Champion("1", "2013-03", AT, ())
PROMOTED = Decision(True, "2013-03", AT, ())
OK = Drift("2013-04", "1", "ok", {"ok": 3}, {}, "")
CRITICAL = replace(OK, level="critical")
EMPTY = Status("flights", None, None, None, None, (), (), None, ())
SERVING = replace(EMPTY, champion=CHAMPION, last_decision=PROMOTED, drift=OK, newest_raw="2013-04")


def months(*keys: str) -> tuple[Stale, ...]:
    return tuple(Stale(key, ("is new",)) for key in keys)


@pytest.mark.parametrize(
    ("status", "step"),
    [
        (SERVING, NOTHING),
        (replace(SERVING, stale=months("2013-02")), "ml-platform refresh flights"),
        (replace(SERVING, new=months("2013-01", "2013-05")), "ml-platform run flights_score --partition 2013-05"),
        (replace(SERVING, drift=None), "ml-platform run flights_score --partition 2013-03"),
        (replace(SERVING, drift=CRITICAL), "ml-platform train flights --partition 2013-04"),
        (replace(SERVING, drift=CRITICAL, last_decision=Decision(False, "2013-04", AT, ())), NOTHING),
        (replace(EMPTY, new=months("2013-01", "2013-02")), "ml-platform train flights --partition 2013-02"),
        (replace(EMPTY, newest_raw="2013-02"), "ml-platform train flights --partition 2013-02"),
    ],
)
def test_it_is_one_command_or_nothing(status: Status, step: str) -> None:
    assert next_step(status) == step


def test_missing_files_come_first() -> None:
    status = replace(SERVING, missing=(("flights", None), ("weather", None)), stale=months("2013-02"))
    assert next_step(status).startswith("put the raw files of flights, weather there")


def test_a_first_candidate_that_was_rejected_is_not_simply_trained_again() -> None:
    status = replace(EMPTY, last_decision=Decision(False, "2013-03", AT, ()), newest_raw="2013-03")
    assert next_step(status).startswith("see above why the gates rejected the candidate")
