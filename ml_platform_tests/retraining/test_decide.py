"""A critical report asks for one retrain, again only after a failure; the reason is a sentence for people."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.retraining.decide import RetrainDecision, decide_retrain
from ml_platform.retraining.retries import FailedRun
from ml_platform.retraining.settings import RetrainingPolicy

POLICY = RetrainingPolicy(cooldown_hours=24)
NOW = datetime(2013, 5, 1, 12, tzinfo=UTC)


def report(*levels: str) -> dict[str, Any]:
    columns = [{"column": f"c{i}", "value": 0.1 * (i + 1), "level": level} for i, level in enumerate(levels)]
    return {"metric": "population_stability_index", "partition": "2013-04", "columns": columns}


def decide(
    drift: dict[str, Any],
    started: datetime | None = None,
    in_flight: tuple[str, ...] = (),
    failed: tuple[FailedRun, ...] = (),
) -> RetrainDecision:
    return decide_retrain(
        policy=POLICY,
        drift=drift,
        now=NOW,
        last_decided_retrain_started_at=started,
        in_flight=in_flight,
        failed=failed,
    )


def failures(*minutes_ago: float) -> tuple[FailedRun, ...]:
    return tuple(FailedRun(f"run{i}", NOW - timedelta(minutes=ago), "killed") for i, ago in enumerate(minutes_ago, 1))


def test_critical_drift_names_partition_and_columns_largest_first() -> None:
    decision = decide(report("critical", "ok", "critical"))
    assert decision.action == "retrain"
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
    assert decide(report(level)) == RetrainDecision("nothing", reason)


def test_a_run_in_flight_is_named_and_waited_for() -> None:
    decision = decide(report("critical"), in_flight=("abc123",))
    assert decision.action == "wait"
    assert "abc123" in decision.reason


@pytest.mark.parametrize(("hours_ago", "retrain"), [(0, False), (23.9, False), (24, True), (100, True)])
def test_cooldown_says_until_when_and_then_ends(hours_ago: float, retrain: bool) -> None:
    decision = decide(report("critical"), started=NOW - timedelta(hours=hours_ago))
    assert decision.action == ("retrain" if retrain else "wait")
    assert retrain or "cooling down until 2013-05-" in decision.reason


def test_cooldown_is_hours_that_pass_and_not_hours_on_the_wall() -> None:
    new_york = ZoneInfo("America/New_York")
    started = datetime(2013, 3, 9, 20, tzinfo=new_york)
    next_evening = datetime(2013, 3, 10, 20, tzinfo=new_york)  # 23 hours later: the clocks were put forward
    decision = decide_retrain(
        policy=POLICY,
        drift=report("critical"),
        now=next_evening,
        last_decided_retrain_started_at=started,
        in_flight=(),
    )
    assert decision.action == "wait"
    assert "cooling down until 2013-03-11T01:00+00:00" in decision.reason


@pytest.mark.parametrize(
    ("failed", "started", "in_flight", "action", "said"),
    [
        (failures(4), None, (), "wait", "attempt 1 of 4 failed in run run1 (killed); the next attempt is at"),
        (failures(5), None, (), "retrain", ": retrain; attempt 1 of 4 failed in run run1 (killed)"),
        (failures(100, 9), None, (), "wait", "attempt 2 of 4 failed in run run2"),
        (failures(100, 10), None, (), "retrain", "attempt 2 of 4 failed in run run2"),
        (failures(100, 50, 19), None, (), "wait", "attempt 3 of 4"),
        (failures(100, 50, 20), None, (), "retrain", "attempt 3 of 4"),
        (
            failures(9999, 999, 100, 50),
            None,
            (),
            "give_up",
            "attempt 4 of 4 failed in run run4 (killed), so it is given",
        ),
        (failures(100), timedelta(hours=1), (), "wait", "cooling down"),
        (failures(9999, 999, 100, 50), timedelta(hours=1), (), "give_up", "given up"),
        (failures(100), None, ("by hand",), "wait", "waiting for training run by hand"),
        ((), timedelta(hours=25), (), "retrain", ": retrain."),
    ],
)
def test_a_failed_run_is_tried_again_after_a_delay_that_doubles_until_it_is_given_up(
    failed: tuple[FailedRun, ...], started: timedelta | None, in_flight: tuple[str, ...], action: str, said: str
) -> None:
    decision = decide(report("critical"), NOW - started if started else None, in_flight, failed)
    assert decision.action == action
    assert said in decision.reason


@given(
    st.lists(
        st.tuples(
            st.floats(0.01, 30), st.sampled_from(["ok", "warning", "critical"]), st.sampled_from(["decided", "failed"])
        ),
        max_size=60,
    )
)
def test_only_decisions_start_a_cooldown_and_a_report_has_its_attempts_and_no_more(
    ticks: list[tuple[float, str, str]],
) -> None:
    """Each tick brings a report where the last one was answered or given up, and a run ends as soon as it begins."""
    now, decided, failed, n_runs = NOW, list[datetime](), list[FailedRun](), 0
    for hours, level, end in ticks:
        now += timedelta(hours=hours)
        decision = decide_retrain(
            policy=POLICY,
            drift=report(level),
            now=now,
            last_decided_retrain_started_at=decided[-1] if decided else None,
            in_flight=(),
            failed=failed,
        )
        if decision.action == "retrain":
            n_runs += 1
            assert not failed or now - failed[-1].ended_at >= timedelta(minutes=5 * 2 ** (len(failed) - 1))
            if end == "failed":
                failed.append(FailedRun(str(n_runs), now, "killed"))
            else:
                decided.append(now)
                failed = []
        elif decision.action == "give_up":
            assert len(failed) == POLICY.max_attempts
            failed = []
        assert len(failed) <= POLICY.max_attempts
    assert all(later - earlier >= timedelta(hours=24) for earlier, later in itertools.pairwise(decided))


def test_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        decide(report("critical"), started=datetime(2013, 5, 1))
