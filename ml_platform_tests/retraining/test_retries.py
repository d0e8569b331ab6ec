"""A request whose runs fail is tried again later and later, a stated number of times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ml_platform.retraining.retries import FailedRun, decide_attempt
from ml_platform.retraining.settings import RetrainingPolicy

NOW = datetime(2013, 5, 1, 12, tzinfo=UTC)


def test_the_first_attempt_is_at_once_and_needs_no_explanation() -> None:
    attempt = decide_attempt(RetrainingPolicy(), [], NOW)
    assert (attempt.action, attempt.reason) == ("run", "")


def test_the_latest_failure_counts_in_whatever_order_they_are_told() -> None:
    failed = [FailedRun("late", NOW, "no disk"), FailedRun("early", NOW - timedelta(hours=1), "killed")]
    attempt = decide_attempt(RetrainingPolicy(), failed, NOW)
    assert attempt.action == "wait"
    assert "in run late (no disk); the next attempt is at 2013-05-01T12:10:00+00:00" in attempt.reason


@given(
    delay=st.floats(0, 1440),
    most=st.integers(1, 20),
    seconds=st.lists(st.floats(0, 1e9), max_size=25),
)
def test_more_failures_never_bring_an_attempt_nearer(delay: float, most: int, seconds: list[float]) -> None:
    policy = RetrainingPolicy(retry_delay_minutes=delay, max_attempts=most)
    failed = [FailedRun(str(ago), NOW - timedelta(seconds=ago), "killed") for ago in seconds]
    actions = [decide_attempt(policy, failed[:n], NOW).action for n in range(len(failed) + 1)]
    eager = {"run": 0, "wait": 1, "give_up": 2}
    latest_first = sorted(failed, key=lambda run: run.ended_at, reverse=True)
    order = [eager[decide_attempt(policy, latest_first[:n], NOW).action] for n in range(len(failed) + 1)]
    assert order == sorted(order)
    assert [action == "give_up" for action in actions] == [n >= most for n in range(len(failed) + 1)]
