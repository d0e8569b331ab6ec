"""The UI shows candidate and baseline side by side with intervals, and the task's pictures."""

from __future__ import annotations

from ml_platform.orchestration.assets.evaluation import _figures
from ml_platform.pipeline.model import Model
from ml_platform_tests.orchestration.shown import metadata
from ml_platform_tests.place import Place


def test_every_metric_of_the_first_model_stands_beside_the_baselines(small: Place, tumours: Model) -> None:
    shown = metadata(small, "tumours/evaluation")
    measured = small.stores.documents.read(tumours.artifact("evaluation", None))["baseline"]
    header, _, *lines = shown["metrics"].splitlines()
    assert header == "| metric | candidate | baseline |"
    assert {line.split(" ")[1] for line in lines} == set(measured["candidate"])
    auc = measured["candidate"]["roc_auc"]
    assert f"| roc_auc | {auc['value']:.3f} [{auc['low']:.3f}," in lines[0]
    assert shown["dagster/row_count"] == measured["n_rows"] == 166
    assert (shown["champion_version"], shown["rows_the_champion_has_not_seen"]) == ("none yet", "no champion")
    for picture in ("roc_curve", "calibration"):
        assert "](data:image/png;base64," in shown[picture]


def test_a_champion_has_a_column_of_its_own_and_its_unseen_rows_are_counted() -> None:
    auc = {"roc_auc": {"value": 0.75, "low": 0.7, "high": 0.8}}
    compared = {"candidate": auc, "other": auc, "n_rows": 30}
    document = {"baseline": compared, "champion": compared, "champion_version": "3", "n_unseen": 0}
    figures = _figures(document)
    assert figures["metrics"].value.splitlines()[0] == "| metric | candidate | baseline | champion |"
    assert (figures["champion_version"], figures["rows_the_champion_has_not_seen"]) == ("3", 0)
