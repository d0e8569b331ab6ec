"""A YAML that would leak the future, or that contradicts itself, is rejected before anything runs."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

import ml_platform
from ml_platform.errors import SpecError
from ml_platform.features.settings import (
    Entity,
    Feature,
    Join,
    Target,
    validate_no_leaks,
    validate_tables,
    validate_unique_names,
)
from ml_platform_tests.features.tables import ENTITY, FEATURES, VEHICLES, WEATHER

FLIGHTS = yaml.safe_load((Path(ml_platform.__path__[0]) / "defs/flights/defs.yaml").read_text())["attributes"]


def feature(name: str, *sources: str, derive: str | None = None) -> Feature:
    return Feature(name=name, kind="number", derive=derive, sources=sources or (name,))


@pytest.mark.parametrize(
    ("column", "why"),
    [
        ("dep_delay", "has left the gate, after the prediction time"),
        ("air_time", "has landed"),
        ("arr_time", "has landed"),
        ("arr_delay", "it is what the model predicts"),
    ],
)
def test_flights_cannot_use_a_column_that_is_available_later(column: str, why: str) -> None:
    entity, target = Entity.model_validate(FLIGHTS["entity"]), Target.model_validate(FLIGHTS["target"])
    message = f"uses column '{column}', which is only available after the prediction time: .*{why}"
    hidden = feature("harmless", "distance", column, derive="ratio")
    for leak in (feature(column), feature("harmless", column), feature("harmless", f"flights.{column}"), hidden):
        with pytest.raises(SpecError, match=f"feature '{leak.name}' {message}"):
            validate_no_leaks(entity, target, [leak])


def test_the_target_is_a_leak_even_when_it_is_not_listed_and_so_is_a_join_on_a_later_column() -> None:
    target = Target(column="on_time", positive=1)
    with pytest.raises(SpecError, match=r"'on_time', which is only available after .*: it is what the model predicts"):
        validate_no_leaks(ENTITY, target, [feature("on_time")])
    late = VEHICLES.model_copy(update={"match": {"delay": "name"}})
    with pytest.raises(SpecError, match="the join of 'vehicles' uses column 'delay'"):
        validate_no_leaks(ENTITY, target, FEATURES, [WEATHER, late])
    validate_no_leaks(ENTITY, target, FEATURES, [WEATHER, VEHICLES])


def test_tables_that_are_not_joined_and_names_that_are_there_twice_are_refused() -> None:
    with pytest.raises(SpecError, match=r"feature 'x': no table 'wether' is joined.*Did you mean 'weather'"):
        validate_tables([WEATHER], [feature("x", "wether.rain")])
    with pytest.raises(SpecError, match="joined table declared twice: weather"):
        validate_tables([WEATHER, WEATHER], [])
    with pytest.raises(SpecError, match="feature declared twice: place"):
        validate_unique_names(ENTITY, [*FEATURES, FEATURES[0]])


@pytest.mark.parametrize(
    ("model", "block", "message"),
    [
        (Target, {"column": "y", "positive": 1, "greater_than": 2}, "only one of 'greater_than' and 'positive'"),
        (Target, {"column": "y", "classes": ["a", "b"]}, "at least 3 items"),
        (Target, {"column": "y", "classes": ["1", 1, "b"]}, "class named twice: 1"),
        (Entity, {"table": "t", "contract": "c", "key": ["k"], "predict_before": "PT1H"}, "name its column in 'time'"),
        (Entity, {"table": "t", "contract": "c", "key": ["label"]}, "rename it in the table"),
        (
            Entity,
            {"table": "t", "contract": "c", "key": ["k"], "time": "at", "time_format": "%H:%M %Z"},
            "does not tell the offset. Use '%z'",
        ),
        (Feature, {"name": "größe", "kind": "number"}, "ASCII .* the column in 'from'"),
        (Feature, {"name": "probability_of_rain", "kind": "number"}, "platform's own"),
        (Feature, {"name": "label", "kind": "number"}, "platform's own"),
        (Feature, {"name": "x", "kind": "number", "from": ["a", "b"]}, "'derive' must name the function"),
        (Feature, {"name": "x", "kind": "number", "from": []}, "at least 1 item"),
        (Feature, {"name": "x", "kind": "text"}, "'number' or 'category'"),
        (Join, {"table": "t", "contract": "c", "match": {}}, "at least 1 item"),
        (Join, {"table": "t", "contract": "c", "match": {"a": "b"}, "within": "PT1H"}, "observed_at"),
        (
            Join,
            {
                "table": "t",
                "contract": "c",
                "match": {"a": "b"},
                "observed_at": "o",
                "available_after": "PT2H",
                "within": "PT1H",
            },
            "no row is used",
        ),
        (
            Entity,
            {"table": "t", "contract": "c", "key": ["k"], "time": "t", "predict_before": "-PT1H"},
            "greater than or equal",
        ),
        (
            Entity,
            {"table": "t", "contract": "c", "key": ["k"], "time": "t", "available_later": {"x": " "}},
            "at least 1 char",
        ),
    ],
)
def test_a_block_that_contradicts_itself_is_refused(model: Any, block: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        model.model_validate(block)


def test_a_feature_is_its_own_column_unless_it_says_from() -> None:
    assert Feature.model_validate({"name": "x", "kind": "number"}).sources == ("x",)
    assert Feature.model_validate({"name": "x", "kind": "number", "from": ["t.y"]}).sources == ("t.y",)


def test_reading_the_settings_imports_nothing_heavy() -> None:
    code = (
        "import sys, ml_platform.features.settings, ml_platform.features.derivations;"
        "print(sorted({'numpy', 'pandas', 'pyarrow', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
