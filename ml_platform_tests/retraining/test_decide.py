"""A critical report asks for one retrain; the reason is a sentence that a person can act on."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.retraining.decide import RetrainDecision, decide_retrain
from ml_platform.retraining.settings import RetrainingPolicy

POLICY = RetrainingPolicy(cooldown_hours=24)
NOW = datetime(2013, 5, 1, 12, tzinfo=UTC)


def report(*levels: str) -> dict[str, Any]:
    columns = [{"column": f"c{i}", "value": 0.1 * (i + 1), "level": level} for i, level in enumerate(levels)]
    return {"metric": "population_stability_index", "partition": "2013-04", "columns": columns}


def decide(drift: dict[str, Any], started: datetime | None = None, in_flight: tuple[str, ...] = ()) -> RetrainDecision:
    return decide_retrain(policy=POLICY, drift=drift, now=NOW, last_retrain_started_at=started, in_flight=in_flight)


def test_critical_drift_names_partition_and_columns_largest_first() -> None:
    decision = decide(report("critical", "ok", "critical"))
    assert decision.retrain
    assert decision.reason == "Drift on 2013-04 is critical in c2 (PSI 0.30), c0 (PSI 0.10): retrain."


def test_the_metric_is_named_and_many_columns_are_cut_short() -> None:
    drift = report(*["critical"] * 7) | {"metric": "jensen_shannon_distance", "partition": None}
    reason = decide(drift).reason
    assert reason.startswith("Drift is critical in c6 (jensen shannon distance 0.70), c5 ")
    assert reason.endswith(" and 2 more: retrain.")


@pytest.mark.parametrize(
    ("level", "reason"),
    [
        ("ok", "Drift on 2013-04 is not critical in any column."),
        ("warning", "Drift on 2013-04 is not critical in any column."),
        ("too_few_rows", "Drift on 2013-04 cannot be judged: too few rows."),
    ],
)
def test_anything_less_than_critical_never_retrains(level: str, reason: str) -> None:
    assert decide(report(level)) == RetrainDecision(retrain=False, waiting=False, reason=reason)


def test_a_run_in_flight_is_named_and_waited_for() -> None:
    decision = decide(report("critical"), in_flight=("abc123",))
    assert (decision.retrain, decision.waiting) == (False, True)
    assert "abc123" in decision.reason


@pytest.mark.parametrize(("hours_ago", "retrain"), [(0, False), (23.9, False), (24, True), (100, True)])
def test_cooldown_says_until_when_and_then_ends(hours_ago: float, retrain: bool) -> None:
    decision = decide(report("critical"), started=NOW - timedelta(hours=hours_ago))
    assert decision.retrain is retrain
    assert decision.waiting is not retrain
    assert retrain or "cooling down until 2013-05-" in decision.reason


def test_cooldown_is_hours_that_pass_and_not_hours_on_the_wall() -> None:
    new_york = ZoneInfo("America/New_York")
    started = datetime(2013, 3, 9, 20, tzinfo=new_york)
    next_evening = datetime(2013, 3, 10, 20, tzinfo=new_york)  # 23 hours later: the clocks were put forward
    decision = decide_retrain(
        policy=POLICY, drift=report("critical"), now=next_evening, last_retrain_started_at=started, in_flight=()
    )
    assert not decision.retrain
    assert "cooling down until 2013-03-11T01:00+00:00" in decision.reason


@given(st.lists(st.tuples(st.floats(0.01, 30), st.sampled_from(["ok", "warning", "critical"])), max_size=60))
def test_never_two_retrains_within_one_cooldown(ticks: list[tuple[float, str]]) -> None:
    now, started = NOW, list[datetime]()
    for hours, level in ticks:
        now += timedelta(hours=hours)
        last = started[-1] if started else None
        decision = decide_retrain(
            policy=POLICY, drift=report(level), now=now, last_retrain_started_at=last, in_flight=()
        )
        if decision.retrain:
            started.append(now)
    assert all(later - earlier >= timedelta(hours=24) for earlier, later in itertools.pairwise(started))


def test_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        decide(report("critical"), started=datetime(2013, 5, 1))
