"""The card says how good a model is beside what, and what a person should look at."""

from __future__ import annotations

import pytest

from ml_platform.errors import NotStored
from ml_platform.pipeline.card import training_card
from ml_platform_tests.loop import Loop


def test_a_trained_model_has_its_figures_and_its_strongest_features(loop: Loop) -> None:
    card = training_card(loop.model, loop.stores, None)
    evaluation = loop.stores.documents.read(loop.model.artifact("evaluation", None))["baseline"]
    metric = loop.model.spec.training.select_by
    assert card[0].startswith(f"{metric} {evaluation['candidate'][metric]['value']:.4g} (")
    assert f"on {evaluation['n_rows']:,} test rows" in card[0]
    assert card[1].startswith(f"baseline: {evaluation['other'][metric]['value']:.4g} ")
    assert "chosen on the validation rows: " in card[2]
    strongest = next(line for line in card if line.startswith("strongest features"))
    figures = [float(one.rsplit(" ", 1)[1]) for one in strongest.partition(": ")[2].split(", ")]
    assert figures == sorted(figures, reverse=True)
    assert len(figures) == 5


def test_what_looks_like_a_leak_and_few_rows_are_to_be_looked_at(loop: Loop) -> None:
    to_look_at = [line for line in training_card(loop.model, loop.stores, None) if line.startswith("look at: ")]
    assert any("alone. Is it known before the outcome?" in line for line in to_look_at)
    assert any("test rows, of which the intervals are wide" in line for line in to_look_at)


def test_before_a_training_there_is_no_card(loop: Loop) -> None:
    with pytest.raises(NotStored):
        training_card(loop.model, loop.stores, "2013-01")
