"""What docs/tasks.md shows can be said, and its lists are those of the code."""

import re
from pathlib import Path
from typing import get_args

import pytest
import yaml

from ml_platform.evaluation.metrics import DEFAULT_METRICS, METRICS
from ml_platform.features.target import Target
from ml_platform.task import Task
from ml_platform.training.estimators import ESTIMATORS

PAGE = (Path(__file__).parents[2] / "docs" / "tasks.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS)
def test_every_example_fits_its_task(block: str) -> None:
    said = yaml.safe_load(block)
    Target.model_validate(said["target"]).validate_task(said["task"])


def test_the_tables_name_every_metric_and_estimator_of_each_task() -> None:
    assert {yaml.safe_load(block)["task"] for block in BLOCKS} == set(get_args(Task))
    (metrics,) = (line for line in PAGE.splitlines() if line.startswith("| metrics"))
    (estimators,) = (line for line in PAGE.splitlines() if line.startswith("| estimators"))
    for place, task in enumerate(get_args(Task), start=2):
        cell = metrics.split("|")[place]
        assert set(re.findall(r"`(\w+)`", cell)) == {name for name, metric in METRICS.items() if task in metric.tasks}
        assert tuple(re.findall(r"\*\*`(\w+)`\*\*", cell)) == DEFAULT_METRICS[task]
        named = re.findall(r"`(\w+)`", estimators.split("|")[place]) or re.findall(r"`(\w+)`", estimators.split("|")[2])
        assert set(named) == {name for name, estimator in ESTIMATORS.items() if task in estimator.tasks}
