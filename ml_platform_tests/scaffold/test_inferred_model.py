"""A model has features with plain names, and a window and a test part with enough rows where the table has them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.features.settings import RESERVED, Feature
from ml_platform.scaffold.inferred_model import MOST_TEST_SHARE, ROWS_TO_TEST, InferredModel, feature_name
from ml_platform_tests.scaffold.shop import infer, shop

NAMES = st.text(max_size=8) | st.sampled_from([*RESERVED, "probability_a", "1st", "a b", "a_b", "Größe", "名前"])


@given(st.lists(NAMES, max_size=8))
def test_features_have_names_that_yaml_takes_each_its_own(columns: list[str]) -> None:
    taken: list[str] = []
    for column in columns:
        taken.append(feature_name(column, taken))
        assert Feature(name=taken[-1], kind="number").name == taken[-1]
    assert len(set(taken)) == len(taken)


@pytest.mark.parametrize(
    ("column", "name"),
    [("age", "age"), ("Größe (cm)", "Groe_cm"), ("年", "feature"), ("1st", "feature_1st"), ("label", "feature_label")],
)
def test_a_plain_name_is_kept_and_another_one_made_plain(column: str, name: str) -> None:
    assert feature_name(column, []) == name
    assert feature_name(column, [name]) == f"{name}_2"


def test_inputs_are_features_and_the_key_is_not(tmp_path: Path) -> None:
    model = infer(tmp_path, shop(), "churned", protected=("gender",))
    assert [(feature.name, feature.kind) for feature in model.features] == [
        ("age", "number"),
        ("plan", "category"),
        ("region_code", "category"),
        ("rooms", "number"),
        ("zip", "category"),
        ("is_member", "category"),
        ("signup_at_year", "number"),
        ("signup_at_month", "category"),
        ("signup_at_weekday", "category"),
        ("signup_at_hour", "number"),
        ("signup_at_days_since", "number"),
    ]
    assert (model.partitions, model.window, model.n_window_rows) == (None, 1, len(shop()))
    assert list(model.by_partition()) == [None]


def daily(tmp_path: Path, n_rows: int, days: int, share: float = 0.5) -> InferredModel:
    rng = np.random.default_rng(1)
    at = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(n_rows) * 24 * 60 * days // n_rows, "min")
    x, y = rng.normal(size=n_rows), np.where(np.arange(n_rows) % 100 < 100 * share, "yes", "no")
    return infer(tmp_path, pd.DataFrame({"at": at, "x": x, "y": y}), "y", time="at")


def test_the_window_has_enough_rows_also_of_the_rarest_class(tmp_path: Path) -> None:
    model = daily(tmp_path, 6_000, 12)
    assert model.partitions is not None
    assert (model.partitions.every, model.window, model.n_window_rows) == ("day", 3, 1_500)
    assert model.test_share == 0.2
    rare = daily(tmp_path, 6_000, 12, share=0.02)
    assert (rare.window, rare.n_window_rows) == (6, 3_000)


def test_of_few_rows_a_larger_share_is_tested_on(tmp_path: Path) -> None:
    model = daily(tmp_path, 500, 1)
    assert model.test_share == ROWS_TO_TEST / 500
    assert daily(tmp_path, 200, 1).test_share == MOST_TEST_SHARE


def test_every_row_is_in_one_partition(tmp_path: Path) -> None:
    model = daily(tmp_path, 6_000, 12)
    pieces = model.by_partition()
    assert sum(piece.num_rows for piece in pieces.values()) == model.table.num_rows
    assert {piece.schema for piece in pieces.values()} == {model.table.schema}
