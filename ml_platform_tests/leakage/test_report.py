"""A report fails with the reason of each failed check, and says what was accepted."""

import json

from ml_platform.leakage.report import LeakageCheckResult, LeakageReport

LEAK = LeakageCheckResult("leak", "AUC of its value", 0.999, 0.99, leaks=True)
HONEST = LeakageCheckResult("age", "AUC of its value", 0.7, 0.99, leaks=False)
ACCEPTED = LeakageCheckResult("leak", "AUC of its value", 0.999, 0.99, leaks=True, accepted="measured before")


def test_a_leak_fails_with_its_measurement_and_bound() -> None:
    report = LeakageReport((HONEST, LEAK))
    assert not report.passed
    assert report.failed == (LEAK,)
    assert report.message == "leak: AUC of its value (0.999, at most 0.99)"


def test_an_accepted_feature_passes_and_its_reason_is_shown() -> None:
    report = LeakageReport((HONEST, ACCEPTED))
    assert report.passed
    assert report.message == "none in 2 measurements; leak, accepted because measured before"


def test_a_report_survives_json() -> None:
    report = LeakageReport((HONEST, LEAK, ACCEPTED))
    assert LeakageReport.from_document(json.loads(json.dumps(report.to_document()))) == report
