"""Which values of a scored partition the champion has not seen in training, from the stored validation of its input."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ml_platform.contract import ValidationResult
from ml_platform.contract.table_rule import hashed, shown
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.personal import personal_columns
from ml_platform.pipeline.predictions import INPUT_VALIDATION
from ml_platform.stores.stores import Stores

MOST = 3
"""Unseen categories that are named, the most frequent first."""


@dataclass(frozen=True)
class UnlikeTraining:
    """A feature with values that training has not seen."""

    feature: str
    n_rows: int
    """Rows with such a value."""
    seen: str
    """What training has seen, in words."""
    found: str
    """What these rows hold instead."""


def unlike_training(model: Model, stores: Stores, partition: str | None) -> tuple[int, list[UnlikeTraining]]:
    """Return the number of scored rows, and the features that are unlike the training, most rows first."""
    result = ValidationResult.from_document(stores.documents.read(model.artifact(INPUT_VALIDATION, partition)))
    broken = {warning.check for warning in result.warnings}
    rules = [rule for rule in result.results if rule["check"] in broken]
    names = list(dict.fromkeys(rule["arguments"]["column"] for rule in rules))
    frame, hidden = stores.tables.read(model.artifact("features", partition), names), personal_columns(model)
    found = [_describe(rule, frame, hidden=rule["arguments"]["column"] in hidden) for rule in rules]
    return result.n_rows, sorted(found, key=lambda one: -one.n_rows)


def _describe(rule: Mapping[str, Any], frame: pd.DataFrame, *, hidden: bool) -> UnlikeTraining:
    arguments = rule["arguments"]
    seen, unseen = KINDS[rule["expectation"]](arguments, frame[arguments["column"]])
    return UnlikeTraining(
        arguments["column"], rule["n_failed"], "personal" if hidden else seen, _values(unseen, hidden)
    )


def _values(unseen: "pd.Series[Any]", hidden: bool) -> str:
    if hidden:
        return ", ".join(map(hashed, unseen.unique()[:MOST]))
    if pd.api.types.is_numeric_dtype(unseen):
        return f"{unseen.min():,.4g} … {unseen.max():,.4g}"
    counts = unseen.value_counts(dropna=False)
    more = f" and {len(counts) - MOST:,} more" if len(counts) > MOST else ""
    return ", ".join(f"{shown(value)} ({n:,})" for value, n in counts.head(MOST).items()) + more


def _outside(arguments: Mapping[str, Any], values: "pd.Series[Any]") -> tuple[str, "pd.Series[Any]"]:
    low, high = arguments["min_value"], arguments["max_value"]
    return f"{low:,.4g} … {high:,.4g}", values[(values < low) | (values > high)]


def _unknown(arguments: Mapping[str, Any], values: "pd.Series[Any]") -> tuple[str, "pd.Series[Any]"]:
    known = arguments["value_set"]
    return f"{len(known):,} values", values[values.notna() & ~values.isin(known)]


def _missing(_arguments: Mapping[str, Any], values: "pd.Series[Any]") -> tuple[str, "pd.Series[Any]"]:
    return "no missing values", values[values.isna()].astype(object)


KINDS: dict[str, Callable[[Mapping[str, Any], "pd.Series[Any]"], tuple[str, "pd.Series[Any]"]]] = {
    "ExpectColumnValuesToBeBetween": _outside,
    "ExpectColumnValuesToBeInSet": _unknown,
    "ExpectColumnValuesToNotBeNull": _missing,
}
"""Expectation of `seen_in_training` → what training has seen in words, and the values that are unlike it."""
