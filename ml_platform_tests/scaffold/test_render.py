"""What is rendered is YAML that says what was inferred, whatever the values look like."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.evaluation.metrics import METRICS
from ml_platform.retraining.settings import validate_cron
from ml_platform.scaffold.render import CRON, FILES, LINEAR, METRIC, as_comment, as_yaml, render
from ml_platform.spec import load_spec
from ml_platform.training.estimators import ESTIMATORS
from ml_platform_tests.scaffold.shop import infer, shop

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)


@pytest.mark.parametrize("text", ["yes", "007", "1e5", "a: b # c", "'", '"', "\u2028", "\x7f", "\U0001f600", "~"])
def test_text_in_yaml_comes_back_as_it_was(text: str) -> None:
    line = as_yaml(text)
    assert "\n" not in line
    assert yaml.safe_load(f"{{a: {line}, b: [{line}]}}") == {"a": text, "b": [text]}


@given(SCALARS)
def test_any_value_comes_back_from_one_line(value: Any) -> None:
    line = as_yaml(value)
    assert "\n" not in line
    found = yaml.safe_load(f"{{a: {line}}}")["a"]
    assert found == value
    assert type(found) is type(value)


@given(st.text(max_size=30))
def test_a_comment_stays_a_comment(text: str) -> None:
    assert yaml.safe_load(f"a: 1 # {as_comment(text)}\nb: 2") == {"a": 1, "b": 2}


def test_each_task_has_a_metric_and_a_linear_model_that_fit_it() -> None:
    for task, metric in METRIC.items():
        assert task in METRICS[metric].tasks
        assert task in ESTIMATORS[LINEAR[task]].tasks
    for cron in CRON.values():
        validate_cron(cron)


@pytest.mark.parametrize("time", [None, "signup_at"])
def test_the_files_say_what_was_inferred(tmp_path: Path, time: str | None) -> None:
    model = infer(tmp_path, shop(), "churned", time=time, protected=("gender",))
    texts = render(model, name="shop", owner="team:shop", command="ml-platform new shop table.csv")
    assert tuple(texts) == FILES
    for file, text in texts.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
        assert "ml-platform new shop table.csv" in text.splitlines()[1]
    spec = load_spec(tmp_path)
    assert (spec.name, spec.task, spec.owners) == ("shop", "binary", ("team:shop",))
    assert (spec.entity.key, spec.entity.time) == (("customer_id",), time)
    assert spec.partitions == model.partitions
    assert [feature.name for feature in spec.features] == [feature.name for feature in model.features]
    assert {"churned", "refund"} <= set(spec.entity.available_later)
    assert spec.retraining.cron == (CRON["month"] if time else None)
    assert spec.training.window == model.window


def test_a_value_that_yaml_takes_for_another_is_quoted(tmp_path: Path) -> None:
    frame = pd.DataFrame({"x": range(0, 600, 2), "y": ["no", "on", "off"] * 100})
    texts = render(infer(tmp_path, frame, "y"), name="odd", owner="team:odd", command="new")
    assert yaml.safe_load(texts["defs.yaml"])["attributes"]["target"]["classes"] == ["no", "off", "on"]
