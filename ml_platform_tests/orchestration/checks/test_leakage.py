"""A training set that leaks is named feature by feature; what was accepted says why."""

from __future__ import annotations

import pytest

from ml_platform.leakage.report import LeakageCheckResult, LeakageReport
from ml_platform.orchestration.check_rules import Outcome
from ml_platform.orchestration.checks.leakage import leakage_checks
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform_tests.orchestration.shown import check_results
from ml_platform_tests.place import Place

FINE = LeakageCheckResult("distance", "AUC of its value", 0.61, 0.8, leaks=False)
ACCEPTED = LeakageCheckResult("origin", "AUC of its value", 0.85, 0.8, leaks=True, accepted="a pilot says so")
LEAKS = LeakageCheckResult("gate", "AUC of its value", 0.9, 0.8, leaks=True)


def outcome(small: Place, model: Model, monkeypatch: pytest.MonkeyPatch, *results: LeakageCheckResult) -> Outcome:
    monkeypatch.setattr("ml_platform.pipeline.leakage.report_leakage", lambda *_: LeakageReport(results))
    (found,) = leakage_checks(model).body(model, small.stores, None, RunContext())
    return found


def test_what_leaks_fails_and_comes_first_in_the_table(
    small: Place, tumours: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = outcome(small, tumours, monkeypatch, FINE, ACCEPTED, LEAKS)
    assert (found.passed, found.metadata["measured"], found.metadata["leaks"]) == (False, 3, 1)
    assert found.message == "gate: AUC of its value (0.9, at most 0.8)"
    assert found.metadata["results"].value.splitlines()[2:] == [
        "| gate | 0.9 | 0.8 | leaks | AUC of its value |",
        "| origin | 0.85 | 0.8 | accepted: a pilot says so | AUC of its value |",
        "| distance | 0.61 | 0.8 | ok | AUC of its value |",
    ]


def test_what_was_accepted_passes_and_says_why(small: Place, tumours: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    found = outcome(small, tumours, monkeypatch, FINE, ACCEPTED)
    assert (found.passed, found.metadata["leaks"]) == (True, 0)
    assert "origin, accepted because a pilot says so" in found.message


def test_it_blocks_and_every_feature_is_measured(small: Place, tumours: Model) -> None:
    (found,) = check_results(small, "tumours/training_set").values()
    assert (found.passed, found.blocking) == (True, True)
    assert all(f"| {feature} |" in found.metadata["results"].value for feature in tumours.kinds)
    assert f"an AUC of {tumours.spec.leakage.max_single_feature_auc}," in leakage_checks(tumours).rules[0].description
