"""What a person says about rare values is read in the column's own type; another value is an error with a guess."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from ml_platform.errors import DataError, WrongCall
from ml_platform.pipeline.model import Model
from ml_platform.scaffold.infer import infer_model
from ml_platform.scaffold.profile import ColumnProfile, profile_columns
from ml_platform.scaffold.render import render
from ml_platform.scaffold.roles import ColumnOptions
from ml_platform.scaffold.source import ReadOptions, read_source
from ml_platform.scaffold.stated import Replaced, Stated, read_replaced
from ml_platform.spec import load_spec

COLOURS = ["red"] * 200 + ["blue"] * 200 + ["green"] * 190 + ["pink"] * 6 + ["grey"] * 4


def profile(values: list[object]) -> ColumnProfile:
    return profile_columns(pa.table({"y": values}))["y"]


def test_values_are_those_of_the_column() -> None:
    found = read_replaced(Stated(merge=("7=1,2",), drop_value=("9",)), profile([1, 2, 7, 9]))
    assert found == Replaced({7: (1, 2)}, (9,))
    assert found.merged == {1: 7, 2: 7}
    assert read_replaced(Stated(merge=("other=red",)), profile(["red", "blue"])) == Replaced({"other": ("red",)}, ())


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        (Stated(drop_value=("rde",)), "no value 'rde'.*Did you mean 'red'"),
        (Stated(merge=("red",)), "must be CLASS=VALUE"),
        (Stated(merge=("other=rde",)), "no value 'rde'"),
    ],
)
def test_what_the_target_does_not_have_is_said(stated: Stated, words: str) -> None:
    with pytest.raises(WrongCall, match=words):
        read_replaced(stated, profile(["red", "blue"]))
    with pytest.raises(WrongCall, match="holds no text"):
        read_replaced(Stated(merge=("other=1",)), profile([1, 2]))


def propose(folder: Path, stated: Stated) -> Model:
    file = folder / "table.csv"
    frame = pd.DataFrame({"x": np.random.default_rng(1).random(len(COLOURS)), "y": COLOURS})
    frame.sample(frac=1, random_state=1).to_csv(file, index=False)
    options = ColumnOptions("y")
    source = read_source(file, ReadOptions())
    found = infer_model(source, options, task=None, timezone="UTC", time_format=None, stated=stated)
    for name, text in render(found, name="shop", owner="team:shop", command="new").items():
        (folder / name).write_text(text, encoding="utf-8")
    return Model.load(load_spec(folder), folder)


def test_a_rare_class_is_an_error_that_says_how_to_go_on(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"'grey' is there 4 times.*--drop-value grey.*--merge other=grey"):
        propose(tmp_path, Stated())


def test_rare_classes_are_merged_or_dropped_and_the_model_says_so(tmp_path: Path) -> None:
    model = propose(tmp_path, Stated(merge=("green=pink",), drop_value=("grey",)))
    assert model.target.classes == ("blue", "green", "red")
    assert model.target.merged == {"pink": "green"}
    assert model.target.drop_values == ("grey",)
    assert model.contracts["shop"].columns["y"].rules[-1].values == ("blue", "green", "grey", "pink", "red")
