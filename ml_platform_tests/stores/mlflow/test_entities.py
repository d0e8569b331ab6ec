"""Names that MLflow takes and file systems do not are rejected; an evaluation's metrics have names of their own."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_platform.errors import ModelError
from ml_platform.stores.mlflow.entities import ModelVersion, evaluation_metrics, validate_model_name


@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}", fullmatch=True))
@settings(max_examples=300, deadline=None)
def test_letters_digits_and_dashes_name_a_model(name: str) -> None:
    validate_model_name(name)


@pytest.mark.parametrize("name", ["", "a\0b", "a" * 101, "%2e%2e", "../other", "a/b", "-a", "a b", "flights\n", "ä"])
def test_other_names_are_rejected(name: str) -> None:
    with pytest.raises(ModelError, match="must be letters, digits, _ and -, at most 100"):
        validate_model_name(name)


def test_a_version_is_told_by_model_and_number() -> None:
    assert str(ModelVersion("flights", "3", "run", "a" * 64, {})) == "model 'flights' version 3"


def test_each_metric_of_the_candidate_has_its_value_and_interval() -> None:
    candidate = {"roc_auc": {"value": 0.7, "low": 0.6, "high": 0.8}, "brier": {"value": 0.2, "low": 0.1, "high": 0.3}}
    found = evaluation_metrics({"baseline": {"candidate": candidate, "other": {}}})
    assert found == {
        "test_roc_auc": 0.7,
        "test_roc_auc_low": 0.6,
        "test_roc_auc_high": 0.8,
        "test_brier": 0.2,
        "test_brier_low": 0.1,
        "test_brier_high": 0.3,
    }
