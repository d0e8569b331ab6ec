"""The UI shows the candidate beside the champion and the baseline, each value as a number, and the task's pictures."""

from __future__ import annotations

from typing import Any

import pytest

from ml_platform.orchestration.assets.evaluation import _figures
from ml_platform.pipeline.model import Model
from ml_platform_tests.orchestration.shown import metadata
from ml_platform_tests.place import Place


def test_every_metric_of_the_first_model_stands_beside_the_baselines(small: Place, tumours: Model) -> None:
    shown = metadata(small, "tumours/evaluation")
    measured = small.stores.documents.read(tumours.artifact("evaluation", None))["baseline"]
    assert next(iter(shown)) == "against_champion"
    assert shown["against_champion"] == "There is no champion yet."
    header, _, *lines = shown["against_baseline"].splitlines()
    assert header == "| metric | candidate | baseline | gain | interval |"
    assert {line.split(" | ")[0].strip("| ").replace(" ", "_") for line in lines} == set(measured["candidate"])
    auc = measured["candidate"]["roc_auc"]
    assert lines[0].startswith(f"| roc auc | {auc['value']:.3f} | 0.500 | ")
    assert f"| roc auc | [{auc['low']:.3f}, {auc['high']:.3f}] | [0.500, 0.500] |" in shown["intervals"]
    assert shown["dagster/row_count"] == measured["n_rows"] == 166
    assert shown["candidate_roc_auc"] == auc["value"]
    for picture in ("roc_curve", "calibration"):
        assert "](data:image/png;base64," in shown[picture]


def document(champion: dict[str, Any] | None, **figures: Any) -> dict[str, Any]:
    return {"baseline": compared(0.7), "champion": champion, "champion_version": "3", "n_unseen": 30, **figures}


def compared(other: float) -> dict[str, Any]:
    def auc(value: float) -> dict[str, dict[str, float]]:
        return {"roc_auc": {"value": value, "low": value - 0.01, "high": value + 0.01}}

    return {"candidate": auc(0.75), "other": auc(other), "gain": auc(0.75 - other), "n_rows": 30}


def test_the_candidate_stands_beside_the_champion_first_in_a_table_that_fits() -> None:
    figures = _figures(document(compared(0.74)))
    table = next(iter(figures.values())).value
    assert table.splitlines()[0] == "| metric | candidate | champion v3 | gain | interval |"
    assert table.splitlines()[2] == "| roc auc | 0.750 | 0.740 | 0.010 | [0.000, 0.020] |"
    assert max(map(len, table.split())) < len("average_precision"), (
        "a cell that cannot wrap makes the UI cut off others"
    )
    assert (figures["candidate_roc_auc"], figures["champion_roc_auc"], figures["baseline_roc_auc"]) == (0.75, 0.74, 0.7)
    assert figures["gain_roc_auc"] == pytest.approx(0.01)
    assert figures["champion_unseen_rows"] == 30


def test_a_champion_that_has_seen_the_rows_has_no_figures_and_the_reason_is_said() -> None:
    figures = _figures(document(None, n_unseen=0))
    assert figures["against_champion"] == "Not compared: of 30 test rows, champion v3 has not seen 0."
    assert not [name for name in figures if "champion_roc_auc" in name]
