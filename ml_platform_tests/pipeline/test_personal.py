"""A column that a contract marks as personal is one wherever it is shown, also as a feature of another name."""

from __future__ import annotations

from dataclasses import replace

from ml_platform.pipeline.personal import personal_columns
from ml_platform_tests.loop import Loop
from ml_platform_tests.personal import mark_personal


def test_a_marked_column_and_the_features_made_from_it_are_personal(loop: Loop) -> None:
    (table,) = loop.model.contracts
    assert personal_columns(loop.model) == frozenset()
    marked = mark_personal(loop.model, "mean_radius")
    assert personal_columns(marked) == {"mean_radius"}
    renamed = marked.spec.features[0].model_copy(update={"name": "size", "sources": (f"{table}.mean_radius",)})
    spec = marked.spec.model_copy(update={"features": (renamed, *marked.spec.features[1:])})
    assert personal_columns(replace(marked, spec=spec)) == {"mean_radius", "size"}
