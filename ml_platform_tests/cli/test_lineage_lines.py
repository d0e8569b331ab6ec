"""Lineage in five lines counts what the JSON lists, however much that is."""

from __future__ import annotations

from dataclasses import replace

from ml_platform.cli.lineage_lines import NAMED, partition_lines, prediction_lines
from ml_platform.lineage.downstream import partition_downstream
from ml_platform.lineage.upstream import prediction_upstream
from ml_platform_tests.history import History


def test_a_prediction_that_was_superseded_says_so(history: History) -> None:
    trace = prediction_upstream(history.place.stores, history.id)
    lines = list(prediction_lines(trace))
    assert len(lines) == 5
    assert f"prediction {history.id} of flights" in lines[0]
    assert "; superseded: " in lines[0]
    broken = replace(trace, sources=tuple(replace(one, passed=False) for one in trace.sources))
    assert f"{len(trace.sources)} with a broken contract" in list(prediction_lines(broken))[1]


def test_versions_in_use_are_told_from_all_and_many_models_are_counted(history: History) -> None:
    trace = partition_downstream(history.place.stores, "flights", "2013-01")
    lines = list(partition_lines(replace(trace, models=trace.models[:1] * (NAMED + 2))))
    assert len(lines) == 5
    assert lines[1].endswith(f"{len(trace.tables)}, of which {sum(one.current for one in trace.tables)} in use")
    assert f"models trained on it: {NAMED + 2} (" in lines[2]
    assert lines[2].endswith("; and 2 more)")
