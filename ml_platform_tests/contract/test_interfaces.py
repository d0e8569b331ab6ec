"""Contracts that the platform writes itself are valid, catch what they name, and warn of what training has not seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ml_platform.contract import Contract, read_contract
from ml_platform.contract.interfaces import MAX_VALUES, Field, document, feature_field, seen_in_training
from ml_platform.contract.validation import validate
from ml_platform.errors import ContractError

TRAINING = pd.DataFrame(
    {
        "id": ["a", "b", "c", "d"],
        "x": [1.0, 2.5, np.nan, -3.0],
        "c": ["u", "v", "v", "u"],
        "p": [0.0, 1.0, 0.5, 0.2],
    }
)


def contract(training: pd.DataFrame = TRAINING) -> Contract:
    fields = [
        Field("id", "string", "The key.", key_position=1),
        feature_field("x", "number", "A number.", seen_in_training(training["x"], "number")),
        feature_field("c", "category", "A category.", seen_in_training(training["c"], "category")),
        Field("p", "number", "A probability.", within=(0.0, 1.0)),
    ]
    return read_contract(document("table", "A table.", fields), Path("table"))


def failures(frame: pd.DataFrame) -> dict[str, str]:
    """Return the severity of each check that does not pass."""
    validation = validate(contract(), frame, file="memory")
    return {found.check: found.severity for found in (*validation.failures, *validation.warnings)}


def test_the_training_rows_keep_their_own_contract() -> None:
    assert failures(TRAINING) == {}


@pytest.mark.parametrize(
    ("change", "failed"),
    [
        ({"x": [1.0, 2.5, 99.0, -3.0]}, {"rule_seen_range_x": "warning"}),
        ({"c": ["u", "v", "new", "u"]}, {"rule_seen_values_c": "warning"}),
        ({"c": ["u", None, "v", "u"]}, {"rule_seen_never_missing_c": "warning"}),
        ({"x": [np.nan] * 4}, {}),
        ({"x": [1.0, np.inf, 0.0, 0.0]}, {"column_x": "error"}),
        ({"x": ["1", "2", "3", "4"]}, {"schema": "error", "column_x": "error"}),
        ({"p": [0.0, 1.0, 1.2, 0.2]}, {"column_p": "error", "quarantine_share": "error"}),
        ({"p": [0.0, np.nan, 1.0, 0.2]}, {"column_p": "error", "quarantine_share": "error"}),
        ({"id": ["a", "b", "b", "d"]}, {"key": "error"}),
    ],
)
def test_each_departure_is_found_by_name(change: dict[str, list[object]], failed: dict[str, str]) -> None:
    assert failures(TRAINING.assign(**change)).items() >= failed.items()
    assert bool(failures(TRAINING.assign(**change))) == bool(failed)


def test_no_row_or_another_column_is_an_error() -> None:
    assert "row_count" in failures(TRAINING.head(0))
    assert "schema" in failures(TRAINING.assign(target=1.0))
    assert "schema" in failures(TRAINING.drop(columns="x"))


def test_the_target_is_rejected_among_the_inputs() -> None:
    with pytest.raises(ContractError, match="y must not be among the columns"):
        document("input", "", [feature_field("y", "number", "")], forbidden=["y"])


def test_nothing_is_said_of_what_training_has_not_shown() -> None:
    many = pd.Series([str(n) for n in range(MAX_VALUES + 1)], name="c")
    assert [rule["id"] for rule in seen_in_training(many, "category")] == ["seen_never_missing_c"]
    assert seen_in_training(pd.Series([np.nan, np.nan], name="x"), "number") == []
