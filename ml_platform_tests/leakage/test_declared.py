"""A column that is only known later is rejected when the YAML is read, by name and reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from ml_platform.spec import ModelSpec

FLIGHTS = Path(__file__).parents[2] / "ml_platform" / "defs" / "flights" / "defs.yaml"

REASONS = {
    "dep_delay": "known when the aircraft has left the gate, after the prediction time",
    "air_time": "known when the aircraft has landed, after the prediction time",
    "arr_time": "known when the aircraft has landed, after the prediction time",
}


def flights() -> dict[str, Any]:
    return yaml.safe_load(FLIGHTS.read_text())["attributes"]


@pytest.mark.parametrize("column", REASONS)
@pytest.mark.parametrize("called", ["as it is", "otherwise", "in a derivation"])
def test_each_of_the_three_is_refused_by_name_and_reason(column: str, called: str) -> None:
    document = flights()
    feature = {
        "as it is": {"name": column, "kind": "number"},
        "otherwise": {"name": "harmless", "kind": "number", "from": [column]},
        "in a derivation": {"name": "made", "kind": "number", "derive": "plane_age", "from": ["year", column]},
    }[called]
    document["features"].append(feature)
    with pytest.raises(ValidationError, match=f"uses column '{column}'.*: {REASONS[column]}"):
        ModelSpec.model_validate(document)


def test_group_must_be_of_the_key_and_is_then_what_rows_are_parted_by() -> None:
    document = flights()
    document["training"]["group"] = ["tailnum"]
    with pytest.raises(ValidationError, match=r"training\.group: 'tailnum' is not a key column"):
        ModelSpec.model_validate(document)
    document["training"]["group"] = ["carrier"]
    spec = ModelSpec.model_validate(document)
    assert (spec.split_by, spec.split_key) == ("key_hash", ("carrier",))
