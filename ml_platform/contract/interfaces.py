"""Contracts that the platform writes itself: of features, of a model's input, and of its predictions.

They are documents of the same standard as those that people write, and are read and run by the same code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

from ml_platform.errors import ContractError

if TYPE_CHECKING:
    import pandas as pd

API_VERSION = "v3.1.0"
MAX_VALUES = 200
"""A category with more values than this is not compared with those seen in training: most would be new by chance."""


@dataclass(frozen=True)
class Field:
    """A column of such a contract.

    Attributes
    ----------
    logical_type
        Of the standard: string, number, timestamp, …
    has_time_zone
        Of a timestamp; None where it may be with or without one.
    within
        Least and greatest value that a number may have.
    values
        The only values that a text may have.
    seen
        Rules on what training has seen: breaking one is a warning.
    """

    name: str
    logical_type: str
    description: str
    required: bool = True
    key_position: int | None = None
    has_time_zone: bool | None = None
    within: tuple[float, float] | None = None
    values: tuple[str, ...] = ()
    seen: tuple[Mapping[str, Any], ...] = ()


def document(name: str, description: str, fields: Sequence[Field], *, forbidden: Sequence[str] = ()) -> dict[str, Any]:
    """Return the ODCS document of a table with these columns and no other, at least one row, and none set aside.

    Parameters
    ----------
    forbidden
        Columns that must not be among them, such as the target.

    Raises
    ------
    ContractError
        Naming the forbidden column.
    """
    wrong = [field.name for field in fields if field.name in forbidden]
    if wrong:
        raise ContractError(f"{name}: {', '.join(wrong)} must not be among the columns: it is what is predicted.")
    table = {
        "name": name,
        "logicalType": "object",
        "description": description,
        "customProperties": [{"property": "maxQuarantineShare", "value": 0.0}],
        "quality": [{"metric": "rowCount", "mustBeGreaterThan": 0}],
        "properties": [_property(field) for field in fields],
    }
    return {
        "apiVersion": API_VERSION,
        "kind": "DataContract",
        "id": name,
        "name": name,
        "version": "1.0.0",
        "status": "active",
        "schema": [table],
    }


def feature_field(name: str, kind: str, description: str, seen: Sequence[Mapping[str, Any]] = ()) -> Field:
    """Return the field of a feature, which may be missing: nothing was known at the prediction time."""
    return Field(name, "number" if kind == "number" else "string", description, required=False, seen=tuple(seen))


def seen_in_training(values: pd.Series, kind: str) -> list[dict[str, Any]]:
    """Return the rules that a feature's later values keep if they are like those of its training rows.

    A number lies between the least and the greatest; a category is one of those seen (of at most `MAX_VALUES`); none
    is missing when none was.
    """
    column, known = str(values.name), values.dropna()
    if not len(known):
        return []
    rules = [_between(column, known) if kind == "number" else _among(column, known)]
    if len(known) == len(values):
        note = "No value was missing in training."
        rules.append(_rule(column, "never_missing", note, "expect_column_values_to_not_be_null", {}))
    return [rule for rule in rules if rule is not None]


def _between(column: str, known: pd.Series) -> dict[str, Any] | None:
    finite = known[known.abs() < inf]
    if not len(finite):
        return None
    low, high = float(finite.min()), float(finite.max())
    note = f"Training has seen {low:.6g} to {high:.6g}."
    return _rule(column, "range", note, "expect_column_values_to_be_between", {"min_value": low, "max_value": high})


def _among(column: str, known: pd.Series) -> dict[str, Any] | None:
    seen = sorted(known.unique())
    if len(seen) > MAX_VALUES:
        return None
    note = f"Training has seen {len(seen)} values."
    return _rule(column, "values", note, "expect_column_values_to_be_in_set", {"value_set": seen})


def _rule(column: str, what: str, note: str, expectation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": f"seen_{what}_{column}",
        "type": "custom",
        "engine": "greatExpectations",
        "severity": "warning",
        "description": note,
        "implementation": {"type": expectation, "kwargs": {"column": column, **arguments}},
    }


def _property(field: Field) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "name": field.name,
        "description": field.description,
        "logicalType": field.logical_type,
        "required": field.required,
    }
    if field.key_position is not None:
        stated |= {"primaryKey": True, "primaryKeyPosition": field.key_position}
    options: dict[str, Any] = {} if field.has_time_zone is None else {"timezone": field.has_time_zone}
    if field.within is not None:
        options |= {"minimum": field.within[0], "maximum": field.within[1]}
    if options:
        stated["logicalTypeOptions"] = options
    quality = [*field.seen]
    if field.values:
        allowed = {"validValues": list(field.values)}
        quality.append({"metric": "invalidValues", "mustBe": 0, "arguments": allowed})
    if not field.required:
        quality.append({"metric": "nullValues", "unit": "percent", "mustBeLessOrEqualTo": 100})
    if quality:
        stated["quality"] = quality
    return stated
