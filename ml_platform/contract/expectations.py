"""Custom rules of the engine Great Expectations, read against the library's own description of each expectation.

The descriptions are JSON schemas that ship with the library; its code, which takes seconds to import, is not loaded.
"""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from open_data_contract_standard.model import DataQuality

from ml_platform.choices import did_you_mean
from ml_platform.contract.result import CompiledCheck, Expectation, Outcome, Results
from ml_platform.contract.table_rule import Place, TableRule, read_common, shown, some
from ml_platform.errors import ContractError

if TYPE_CHECKING:
    from ml_platform.contract.validation.table import TypedTable

ENGINES = ("greatExpectations", "great-expectations", "great_expectations")
NOT_ARGUMENTS = frozenset(
    {
        "id", "meta", "notes", "result_format", "description", "catch_exceptions", "rendered_content", "severity",
        "windows", "batch_id", "metadata",
    }
)  # fmt: skip
"""Words of every expectation that say how it is run and reported, which is the platform's part."""
_COLUMN = {"column": {"type": "string"}, "mostly": {"type": "number", "minimum": 0, "maximum": 1}}
UNDESCRIBED: Mapping[str, Mapping[str, Any]] = {
    "ExpectColumnValuesToBeDateutilParseable": {},
    "ExpectColumnValuesToBeJsonParseable": {},
    "ExpectColumnValuesToMatchJsonSchema": {"json_schema": {"type": "object"}},
}
"""Expectations that the library ships without a schema: what must be stated beside the column."""
DATA_SOURCE = "Pandas"


@dataclass(frozen=True, kw_only=True)
class ExpectationRule(TableRule):
    """An expectation of Great Expectations."""

    expectation: Expectation

    def compile(self, table: TypedTable) -> CompiledCheck:
        """Return what the library says of it."""

        def interpret(results: Results) -> Outcome:
            (result,) = results
            hidden = table.contract.has_personal(self.expectation.columns)
            observed = "" if result.observed is None or hidden else f", observed {shown(result.observed)}"
            holds = "holds" if result.passed else "does not hold"
            text = f"{self.expectation.name} {holds}: {len(result.rows):,} rows break it"
            text += f" ({some([f'row {row}' for row in result.rows])})" if result.rows else ""
            return table.rule_outcome(self, result.passed, len(result.rows), f"{text}{observed}.")

        return CompiledCheck(self, [self.expectation], interpret)


def read_expectation(rule: DataQuality, place: Place) -> ExpectationRule:
    """Return the rule; the column that it is stated on is its argument ``column`` unless another is stated."""
    place = place.within("custom")
    if rule.engine not in ENGINES:
        raise ContractError(f"{place.where}: the platform cannot run engine '{rule.engine}', only {ENGINES[0]}.")
    stated = _implementation(rule.implementation, place.where)
    name = _class(str(stated["type"]), place.where)
    schema = _schema(name)
    if DATA_SOURCE not in schema["sources"]:
        raise ContractError(f"{place.where}: {name} runs on SQL tables only; write a rule of type sql.")
    arguments = dict(stated.get("kwargs") or {})
    if place.column is not None and "column" in schema["properties"]:
        arguments.setdefault("column", place.column)
    _validate_arguments(arguments, schema, name, f"{place.where}, {name}")
    expectation = Expectation(name, arguments)
    place.within(name).validate_columns(expectation.columns)
    says = ", ".join(f"{word}={value!r}" for word, value in arguments.items())
    common = read_common(rule, place, f"{name}({says})") | {"reads": expectation.columns}
    return ExpectationRule(**common, expectation=expectation)


def _implementation(stated: object, where: str) -> Mapping[str, Any]:
    if isinstance(stated, str):
        try:
            stated = yaml.safe_load(stated)
        except yaml.YAMLError as error:
            raise ContractError(f"{where}: the implementation is not YAML: {error}") from error
    if not isinstance(stated, dict) or "type" not in stated or stated.keys() - {"type", "kwargs"}:
        raise ContractError(f"{where}: the implementation is a mapping of type and kwargs, not {stated!r}.")
    return stated


def _class(stated: str, where: str) -> str:
    if stated not in _classes():
        known = [name for name, class_ in _classes().items() if name != class_]
        raise ContractError(f"{where}: no expectation '{stated}'. {did_you_mean(stated, known)}")
    return _classes()[stated]


def _validate_arguments(arguments: Mapping[str, Any], schema: Mapping[str, Any], name: str, where: str) -> None:
    from jsonschema import Draft7Validator

    for argument in arguments:
        if argument not in schema["properties"]:
            known = did_you_mean(argument, sorted(schema["properties"]))
            raise ContractError(f"{where}: {name} has no argument '{argument}'. {known}")
    if arguments.get("condition_parser") in ("pandas", "spark"):
        raise ContractError(f"{where}: runs no condition of '{arguments['condition_parser']}': it is code.")
    missing = [argument for argument in schema.get("required", ()) if argument not in arguments]
    if missing:
        raise ContractError(f"{where}: needs the argument '{missing[0]}'.")
    for error in Draft7Validator(schema).iter_errors(arguments):
        raise ContractError(f"{where}, {'.'.join(map(str, error.path))}: {error.message}.")


@cache
def _classes() -> Mapping[str, str]:
    """Return the class of each expectation by both its names, ``ExpectColumn…`` and ``expect_column…``."""
    names = sorted({path.stem for path in _folder().glob("*.json")} - {"index"} | UNDESCRIBED.keys())
    return {_snake(name): name for name in names} | {name: name for name in names}


@cache
def _schema(name: str) -> Mapping[str, Any]:
    """Return the JSON schema of an expectation's arguments; ``sources`` are those that it runs on."""
    if name in UNDESCRIBED:
        stated = UNDESCRIBED[name]
        return {"properties": {**_COLUMN, **stated}, "required": ["column", *stated], "sources": [DATA_SOURCE]}
    document = json.loads((_folder() / f"{name}.json").read_text(encoding="utf-8"))
    sources = document["properties"]["metadata"]["properties"]["supported_data_sources"]["const"]
    properties = {word: says for word, says in document["properties"].items() if word not in NOT_ARGUMENTS}
    if "mostly" in properties:
        properties["mostly"] = _COLUMN["mostly"]  # 0.29 is no multiple of 0.01 to a computer
    return {**document, "properties": properties, "sources": sources}


def _folder() -> Path:
    found = importlib.util.find_spec("great_expectations")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "expectations" / "core" / "schemas"


def _snake(name: str) -> str:
    return re.sub("(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
