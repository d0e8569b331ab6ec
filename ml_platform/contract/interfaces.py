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

MAX_VALUES = 200
"""A category with more values than this is not compared with those seen in training: most would be new by chance."""


@dataclass(frozen=True)
class Field:
    """A column of such a contract.

    ``within`` are the least and greatest value of a number, ``values`` the only values of a text, ``seen`` the rules on
    what training has seen: breaking one is a warning.
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

    def to_document(self) -> dict[str, Any]:
        """Return the property of the standard; nothing bounds the missing values of a column that is not required."""
        options: dict[str, Any] = {} if self.has_time_zone is None else {"timezone": self.has_time_zone}
        if self.within is not None:
            options |= {"minimum": self.within[0], "maximum": self.within[1]}
        quality = [*self.seen]
        if self.values:
            quality.append({"metric": "invalidValues", "mustBe": 0, "arguments": {"validValues": [*self.values]}})
        if not self.required:
            quality.append({"metric": "nullValues", "unit": "percent", "mustBeLessOrEqualTo": 100})
        is_key = self.key_position is not None
        return {
            "name": self.name,
            "description": self.description,
            "logicalType": self.logical_type,
            "required": self.required,
            **({"primaryKey": True, "primaryKeyPosition": self.key_position} if is_key else {}),
            **({"logicalTypeOptions": options} if options else {}),
            **({"quality": quality} if quality else {}),
        }


def document(name: str, description: str, fields: Sequence[Field], *, forbidden: Sequence[str] = ()) -> dict[str, Any]:
    """Return the ODCS document of a table with these columns and no other, at least one row, and none set aside.

    Raises
    ------
    ContractError
        When a column is forbidden, such as the target.
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
        "properties": [field.to_document() for field in fields],
    }
    about = {"id": name, "name": name, "version": "1.0.0", "status": "active"}
    return {"apiVersion": "v3.1.0", "kind": "DataContract", **about, "schema": [table]}


def feature_field(name: str, kind: str, description: str, seen: Sequence[Mapping[str, Any]] = ()) -> Field:
    """Return the field of a feature, which may be missing: nothing was known at the prediction time."""
    return Field(name, "number" if kind == "number" else "string", description, required=False, seen=tuple(seen))


def seen_in_training(values: pd.Series, kind: str) -> list[dict[str, Any]]:
    """Return the rules that a feature's later values keep if they are like those of its training rows.

    A number lies between the least and the greatest; a category is one of those seen (of at most `MAX_VALUES`); none
    is missing when none was.
    """
    column, known, rules = str(values.name), values.dropna(), []
    finite = known[known.abs() < inf] if kind == "number" else known
    if kind == "number" and len(finite):
        low, high = float(finite.min()), float(finite.max())
        bounds, note = {"min_value": low, "max_value": high}, f"Training has seen {low:.6g} to {high:.6g}."
        rules.append(_rule(column, "range", note, "expect_column_values_to_be_between", bounds))
    elif kind != "number" and 0 < known.nunique() <= MAX_VALUES:
        seen = sorted(known.unique())
        note = f"Training has seen {len(seen)} values."
        rules.append(_rule(column, "values", note, "expect_column_values_to_be_in_set", {"value_set": seen}))
    if len(known) and len(known) == len(values):
        note = "No value was missing in training."
        rules.append(_rule(column, "never_missing", note, "expect_column_values_to_not_be_null", {}))
    return rules


def _rule(column: str, what: str, note: str, expectation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": f"seen_{what}_{column}",
        "type": "custom",
        "engine": "greatExpectations",
        "severity": "warning",
        "description": note,
        "implementation": {"type": expectation, "kwargs": {"column": column, **arguments}},
    }
