"""Predictions have columns whose names are safe, tell the classes apart, and stay the same."""

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.task import Output, probability_columns


@given(st.lists(st.text(), min_size=3, max_size=8, unique=True))
def test_every_class_has_a_column_of_its_own_with_a_safe_name(classes: list[str]) -> None:
    names = probability_columns(classes)
    assert len(set(names)) == len(classes)
    assert all(re.fullmatch(r"probability_[a-z0-9_]+", name) for name in names)


def test_names_are_those_of_the_classes_where_they_tell_them_apart() -> None:
    assert probability_columns(["Setosa", "Blå", "a  b"]) == [
        "probability_setosa",
        "probability_bla",
        "probability_a_b",
    ]
    assert probability_columns(["+", "a", "b"]) == ["probability_0", "probability_1", "probability_2"]
    assert probability_columns(["3", "1", "2"]) == ["probability_3", "probability_1", "probability_2"]


def test_predictions_become_the_columns_of_the_task() -> None:
    scores = np.array([[0.2, 0.7, 0.1], [0.5, 0.2, 0.3]])
    output = Output("multiclass", ("x", "y", "z"))
    columns = output.columns(scores)
    assert list(columns) == list(output.kinds)
    assert columns["predicted"] == ["y", "x"]
    assert columns["probability_y"].tolist() == [0.7, 0.2]
    assert Output("binary").kinds == {"score": "number"}
    assert Output("regression").columns(scores[:, 0])["prediction"].tolist() == [0.2, 0.5]
