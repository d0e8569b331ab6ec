"""A drift report comes back from JSON as it was, and ranks its columns."""

import json
from dataclasses import replace

from ml_platform.drift.metrics import DRIFT_METRICS
from ml_platform.drift.report import METRIC_TITLES, ColumnDrift, DriftReport, written_p

REPORT = DriftReport(
    metric="population_stability_index",
    warning=0.1,
    critical=0.2,
    n_reference=1_000,
    n_current=500,
    columns=(
        ColumnDrift("f0", 0.01, 0.3, 0.3, "ok", "f0: …"),
        ColumnDrift("none", None, None, None, "too_few_rows", "none: …"),
        ColumnDrift("f3", 0.1 + 0.2, 1e-300, 2e-300, "critical", "f3: …"),
        ColumnDrift("f2", 0.7, 1e-9, 1e-9, "critical", "f2: …"),
    ),
)


def test_report_survives_json_exactly_whatever_is_added_to_it() -> None:
    stored = json.dumps({**REPORT.to_document(), "partition": "2013-04"}, allow_nan=False)
    assert DriftReport.from_document(json.loads(stored)) == REPORT


def test_columns_are_ranked_by_value() -> None:
    assert [column.column for column in REPORT.largest_first()] == ["f2", "f3", "f0", "none"]


def test_the_worst_level_comes_first_and_then_the_largest_value() -> None:
    assert [column.column for column in REPORT.worst_first()] == ["f2", "f3", "f0", "none"]
    drifted = replace(REPORT.columns[0], level="warning")
    worst = replace(REPORT, columns=(drifted, replace(drifted, column="large", value=0.9, level="ok")))
    assert [column.column for column in worst.worst_first()] == ["f0", "large"]


def test_a_metric_has_a_name_for_people() -> None:
    assert REPORT.metric_title == "PSI"
    assert set(METRIC_TITLES) == set(DRIFT_METRICS)


def test_a_tiny_p_value_is_written_as_a_bound() -> None:
    assert (written_p(3e-9), written_p(0.0312)) == ("p < 1e-06", "p 0.03")
