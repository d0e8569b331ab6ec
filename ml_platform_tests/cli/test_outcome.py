"""A run ends with what it has come to, in at most four lines and one for how it ended."""

from __future__ import annotations

from collections import Counter

import pytest

from ml_platform.cli.outcome import LINES, drift_verdict, outcome_lines
from ml_platform.cli.project import VERBS
from ml_platform_tests.loop import Loop


def test_every_verb_has_an_outcome() -> None:
    assert set(LINES) == set(VERBS)


def test_a_training_ends_with_its_decision_the_figures_of_its_gates_and_its_run(loop: Loop) -> None:
    first, *gates, run = outcome_lines(loop.stores, loop.model, "train", None)
    assert first == "PROMOTED: version 1 is champion"
    assert gates[0].startswith("  beats_baseline passed: roc_auc 0.9")
    assert len(gates) == 2
    assert run.startswith("  MLflow: http://127.0.0.1:5000/#/experiments/")


def test_a_scoring_ends_with_its_worst_columns_and_the_address_of_its_report(loop: Loop) -> None:
    verdict, worst, report = outcome_lines(loop.stores, loop.model, "score", None)
    assert verdict == "DRIFT ok in all 11 columns; scored by version 1"
    assert worst.startswith("  largest population stability index: ")
    assert worst.count(",") == 4
    assert report == "  report: http://127.0.0.1:3001/tumours/drift/whole.html (ml-platform dev serves it)"


def test_an_ingestion_ends_with_its_checks_its_rows_and_the_page_of_its_contract(loop: Loop) -> None:
    verdict, page, features = outcome_lines(loop.stores, loop.model, "ingest", None)
    assert verdict == "VALID: 16 of 16 contract checks passed; 0 of 569 rows of tumours quarantined"
    assert page.startswith("  contract: http://127.0.0.1:3001/tumours/contract_tumours/whole.html")
    assert features == "  features: 569 rows of 10 features"


@pytest.mark.parametrize(
    ("levels", "verdict"),
    [
        ({"critical": 9, "warning": 2, "ok": 12}, "DRIFT critical in 9 of 23 columns, 2 warning"),
        ({"critical": 1, "ok": 2}, "DRIFT critical in 1 of 3 columns"),
        ({"warning": 1, "ok": 2}, "DRIFT warning in 1 of 3 columns"),
        ({"too_few_rows": 3}, "DRIFT too few rows in 3 of 3 columns"),
    ],
)
def test_a_drift_is_named_by_its_worst_level(levels: dict[str, int], verdict: str) -> None:
    assert drift_verdict(Counter(levels)) == verdict
