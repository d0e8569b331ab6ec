"""A wrong metric in YAML is rejected with a guess."""

import subprocess
import sys
from typing import get_args

import pytest
from pydantic import ValidationError

from ml_platform.errors import SpecError
from ml_platform.evaluation.metrics import DEFAULT_METRICS
from ml_platform.evaluation.settings import EvaluationSettings
from ml_platform.task import Task


def test_an_unknown_metric_is_refused_with_a_guess() -> None:
    with pytest.raises(ValidationError, match=r"metric 'brier' does not exist.*Did you mean 'brier_score'"):
        EvaluationSettings(metrics=("brier",))


@pytest.mark.parametrize(
    "wrong", [{"metrics": []}, {"metrics": ["roc_auc"] * 2}, {"resamples": 5}, {"confidence": 1}, {"confidence": 95}]
)
def test_settings_that_say_nothing_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        EvaluationSettings(**{"metrics": ["roc_auc"], **wrong})


def test_a_metric_of_another_task_is_refused() -> None:
    settings = EvaluationSettings(metrics=("mean_absolute_error",))
    assert settings.metrics_for("regression") == ("mean_absolute_error",)
    with pytest.raises(
        SpecError, match=r"metric 'mean_absolute_error' is not defined for task 'binary'. Known: roc_auc"
    ):
        settings.metrics_for("binary")


def test_without_metrics_those_of_the_task_are_taken() -> None:
    for task in get_args(Task):
        assert EvaluationSettings().metrics_for(task) == DEFAULT_METRICS[task]


def test_reading_the_settings_imports_nothing_heavy() -> None:
    code = (
        "import sys, ml_platform.evaluation.settings, ml_platform.promotion.settings;"
        "print(sorted({'sklearn', 'numpy', 'pandas', 'matplotlib', 'mlflow', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
