"""A run ends with what it has come to, in at most five lines."""

from __future__ import annotations

from ml_platform.cli.outcome import outcome_lines
from ml_platform_tests.loop import Loop


def test_a_training_ends_with_its_decision_and_the_figures_of_each_gate(loop: Loop) -> None:
    first, *reasons = outcome_lines(loop.stores, "tumours", "train", None)
    assert first == "PROMOTED: version 1 is champion"
    assert reasons[0].startswith("beats_baseline passed: roc_auc 0.9")
    assert len(reasons) <= 4


def test_a_scoring_ends_with_its_worst_columns_and_the_address_of_its_report(loop: Loop) -> None:
    counts, worst, report = outcome_lines(loop.stores, "tumours", "score", None)
    assert counts == "scored by version 1; drift of 11 columns: 11 ok"
    assert worst.startswith("largest population_stability_index: ")
    assert worst.count(",") == 4
    assert report == "report: http://127.0.0.1:3001/tumours/drift/whole.html"


def test_what_its_steps_have_told_is_not_told_again(loop: Loop) -> None:
    assert outcome_lines(loop.stores, "tumours", "ingest", None) == []
