"""A small contract with one rule of every kind, for tests that change it or its data."""

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from ml_platform.contract import Contract, load_contract

DEFS = Path(__file__).parents[2] / "ml_platform" / "defs"
SHIPPED = sorted(DEFS.glob("*/contract_*.yaml"))
ORDERS: dict[str, Any] = yaml.safe_load("""
apiVersion: v3.2.0
kind: DataContract
id: orders
version: 1.0.0
status: active
schema:
  - name: orders
    customProperties: [{property: maxQuarantineShare, value: 0.1}]
    quality: [{metric: rowCount, mustBeBetween: [1, 1000]}]
    properties:
      - {name: order, logicalType: integer, required: true, primaryKey: true, primaryKeyPosition: 1}
      - {name: line, logicalType: integer, required: true, primaryKey: true, primaryKeyPosition: 2,
         logicalTypeOptions: {exclusiveMinimum: 0, exclusiveMaximum: 100}}
      - {name: unit, logicalType: string, required: true,
         quality: [{metric: invalidValues, arguments: {validValues: [kg, pounds]}, mustBe: 0}]}
      - {name: amount, logicalType: number, logicalTypeOptions: {minimum: 0, maximum: 10},
         quality: [{metric: nullValues, unit: percent, mustBeLessOrEqualTo: 50}]}
      - {name: code, logicalType: string, logicalTypeOptions: {pattern: "^[A-Z]{2}[0-9]{1,3}$"},
         quality: [{metric: nullValues, unit: percent, mustBeLessOrEqualTo: 50}]}
      - {name: note, logicalType: string, logicalTypeOptions: {minLength: 1, maxLength: 5},
         quality: [{metric: nullValues, unit: percent, mustBeLessOrEqualTo: 50}]}
      - {name: at, logicalType: timestamp, required: true, logicalTypeOptions: {timezone: true}}
""")


def write(path: Path, change: Callable[[dict[str, Any]], object] = lambda document: None) -> Path:
    """Write the document of ``ORDERS``, changed in place by ``change``."""
    document = copy.deepcopy(ORDERS)
    change(document)
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return path


def orders(folder: Path) -> Contract:
    """Return the contract of ``ORDERS``."""
    return load_contract(write(folder / "contract_orders.yaml"))


def shipped(name: str) -> Contract:
    """Return one of the platform's own contracts, free of what a small, random frame cannot keep."""
    (path,) = (path for path in SHIPPED if path.stem == f"contract_{name}")
    return replace(load_contract(path), min_rows=1, max_rows=None, rules=())


def things(
    folder: Path,
    *columns: dict[str, Any],
    table: dict[str, Any] | None = None,
    share: float = 0,
    **document: Any,
) -> Contract:
    """Return a contract of the table ``things`` with these columns, nullable ones without a bound on their nulls."""
    stated = {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": "things",
        "version": "1.0.0",
        "status": "active",
        "schema": [
            {
                "name": "things",
                "customProperties": [{"property": "maxQuarantineShare", "value": share}],
                "properties": [_column(column) for column in columns],
                **(table or {}),
            }
        ],
        **document,
    }
    quality = stated["schema"][0].setdefault("quality", [])
    quality.insert(0, {"metric": "rowCount", "mustBeGreaterThan": 0})
    path = folder / "contract_things.yaml"
    path.write_text(yaml.safe_dump(stated, sort_keys=False), encoding="utf-8")
    return load_contract(path)


def _column(stated: dict[str, Any]) -> dict[str, Any]:
    if stated.get("required") or any(rule.get("metric") == "nullValues" for rule in stated.get("quality", [])):
        return stated
    nulls = {"metric": "nullValues", "unit": "percent", "mustBeLessOrEqualTo": 99}
    return {**stated, "quality": [nulls, *stated.get("quality", [])]}
