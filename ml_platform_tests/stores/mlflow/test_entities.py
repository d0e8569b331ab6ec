"""Names that MLflow takes and file systems do not are rejected; an evaluation's metrics have names of their own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.errors import ModelError
from ml_platform.stores.mlflow.entities import (
    ModelVersion,
    decision_tags,
    decision_text,
    evaluation_metrics,
    picture_name,
    validate_model_name,
)


@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}", fullmatch=True))
def test_letters_digits_and_dashes_name_a_model(name: str) -> None:
    validate_model_name(name)


@pytest.mark.parametrize("name", ["", "a\0b", "a" * 101, "%2e%2e", "../other", "a/b", "-a", "a b", "flights\n", "ä"])
def test_other_names_are_rejected(name: str) -> None:
    with pytest.raises(ModelError, match="must be letters, digits, _ and -, at most 100"):
        validate_model_name(name)


def test_a_version_is_told_by_model_and_number() -> None:
    assert str(ModelVersion("flights", "3", "run", "a" * 64, {})) == "model 'flights' version 3"


def test_a_metric_says_whose_it_is_and_on_which_rows_and_ends_of_intervals_are_folded() -> None:
    def roc_auc(value: float) -> dict[str, dict[str, float]]:
        return {"roc_auc": {"value": value, "low": value - 0.1, "high": value + 0.1}}

    compared = {"candidate": roc_auc(0.5), "other": roc_auc(0.25)}
    found = evaluation_metrics({"baseline": compared, "champion": {**compared, "other": roc_auc(0.75)}})
    assert found == {
        "test_roc_auc": 0.5,
        "baseline_test_roc_auc": 0.25,
        "champion_test_roc_auc": 0.75,
        "interval/test_roc_auc_low": 0.4,
        "interval/test_roc_auc_high": 0.6,
    }
    assert "champion_test_roc_auc" not in evaluation_metrics({"baseline": compared, "champion": None})


def test_a_decision_is_a_tag_and_its_reason_another_and_a_list_of_gates_in_the_description() -> None:
    reasons = ("beats_baseline passed: 0.7", "not_worse_than_champion FAILED: 0.7")
    assert decision_tags("rejected", reasons) == {"decision": "rejected", "decision_reason": "; ".join(reasons)}
    assert decision_text("rejected", reasons).splitlines() == ["**Rejected**", "", *(f"- {one}" for one in reasons)]


def test_a_plot_is_a_file_named_as_its_title() -> None:
    assert picture_name("ROC curve") == "roc_curve.png"
    assert picture_name("../Predicted against actual") == "_predicted_against_actual.png"
