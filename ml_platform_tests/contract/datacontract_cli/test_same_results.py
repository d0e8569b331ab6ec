"""An independent tool accepts our contracts and finds the same on the same Parquet files, good and corrupted."""

import copy
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from ml_platform.contract import Contract, ValidationResult, load_contract
from ml_platform.contract.validation import validate
from ml_platform_tests.contract.small import SHIPPED

pytestmark = [
    pytest.mark.processes,
    # Great Expectations imports modules of the standard library that are on their way out
    pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning"),
]
HERE = Path(__file__).parent
ROOT = HERE.parents[2]
RAW = ROOT / "data" / "raw"
FILES = {"flights": "flights/2013-02.parquet", "employment": "employment/2016.parquet"}
NOW = datetime(2013, 3, 1, 5, tzinfo=UTC)
N_ROWS = 200
SALES: dict[str, Any] = yaml.safe_load("""
apiVersion: v3.1.0
kind: DataContract
id: sales
version: 1.0.0
status: active
schema:
  - name: sales
    customProperties: [{property: maxQuarantineShare, value: 0}]
    quality:
      - {metric: rowCount, mustBeBetween: [150, 250]}
      - {metric: duplicateValues, arguments: {properties: [item, note]}, mustBeLessOrEqualTo: 5}
      - {id: paid, type: sql, query: "SELECT count(*) FROM ${table} WHERE amount > 100 AND unit = 'kg'", mustBe: 0}
    properties:
      - {name: sale, logicalType: integer, physicalType: int64, required: true, primaryKey: true, primaryKeyPosition: 1}
      - {name: line, logicalType: integer, physicalType: int64, required: true, primaryKey: true, primaryKeyPosition: 2,
         logicalTypeOptions: {minimum: 1, exclusiveMaximum: 100}}
      - {name: code, logicalType: string, physicalType: string, required: true, unique: true,
         logicalTypeOptions: {pattern: "^[A-Z]{2}[0-9]{1,3}$"}}
      - {name: unit, logicalType: string, physicalType: string, required: true,
         quality: [{metric: invalidValues, arguments: {validValues: [kg, pounds]}, mustBe: 0}]}
      - {name: amount, logicalType: number, physicalType: double, logicalTypeOptions: {minimum: 0, maximum: 500},
         quality: [{metric: nullValues, unit: percent, mustBeLessOrEqualTo: 5}]}
      - {name: note, logicalType: string, physicalType: string, logicalTypeOptions: {minLength: 0, maxLength: 8},
         quality: [{metric: missingValues, arguments: {missingValues: ["", "-"]}, unit: percent, mustBeLessThan: 20},
                   {metric: nullValues, mustBeLessThan: 20}]}
      - {name: item, logicalType: string, physicalType: string, required: true, relationships: [{to: items.name}],
         quality: [{metric: invalidValues, arguments: {pattern: "^[a-z]+$"}, mustBeLessThan: 3, severity: warning}]}
      - {name: at, logicalType: timestamp, physicalType: timestamp_tz, required: true,
         logicalTypeOptions: {timezone: true, minimum: "2000-01-01T00:00:00Z"}}
slaProperties:
  - {property: freshness, value: 1, unit: d, element: sales.at}
""")
ITEMS = {"name": "items", "properties": [{"name": "name", "logicalType": "string", "physicalType": "string"}]}
"""The other table, which the tool wants in the same document."""
NAMES = pd.DataFrame({"name": ["apple", "pear", "plum", "FIG"]})


def good() -> pd.DataFrame:
    """Return sales that keep the contract; they are of the future, since the tool counts ages to its own clock."""
    numbers = pd.Series(range(N_ROWS))
    return pd.DataFrame(
        {
            "sale": numbers // 2,
            "line": numbers % 2 + 1,
            "code": "AB" + numbers.astype(str),
            "unit": (numbers % 3 > 0).map({True: "kg", False: "pounds"}),
            "amount": (numbers / 2).where(numbers % 40 > 0),
            "note": numbers.astype(str).where(numbers % 11 > 0, "-"),
            "item": (numbers % 3).map({0: "apple", 1: "pear", 2: "plum"}),
            "at": pd.Timestamp("2100-01-01", tz="UTC") + pd.to_timedelta(numbers, unit="min"),
        }
    )


def changed(column: str, rows: slice, value: object) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame.loc[rows, column] = value
        return frame

    return change


DAMAGE: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "none": lambda frame: frame,
    "a null in a required column": changed("unit", slice(7, 7), None),
    "a duplicate key": changed("line", slice(0, 1), 1),
    "a value that must be unique twice": changed("code", slice(3, 4), "ZZ9"),
    "below the range": changed("amount", slice(5, 5), -0.5),
    "a wrong value of a set": changed("unit", slice(9, 9), "stone"),
    "a wrong pattern": changed("code", slice(9, 9), "ab1"),
    "too many nulls": changed("amount", slice(0, 30), None),
    "nulls up to the bound": changed("note", slice(0, 15), None),
    "too many values that stand for missing": changed("note", slice(0, 60), "-"),
    "numbers as text": lambda frame: frame.assign(amount=frame["amount"].astype(str) + " kg"),
    "a column is missing": lambda frame: frame.drop(columns="unit"),
    "too few rows": lambda frame: frame.head(100),
    "duplicates of two columns": lambda frame: frame.assign(note=(frame.index % 9).astype(str)),
    "a query that counts": changed("amount", slice(199, 199), 400.0),
    "an item that is not there": changed("item", slice(4, 4), "quince"),
    "a warning alone": changed("item", slice(0, 8), "FIG"),
    "old data": lambda frame: frame.assign(at=pd.Timestamp("2001-01-01", tz="UTC")),
}  # fmt: skip


@pytest.fixture(scope="session")
def python_of_the_tool() -> Path:
    """Return the Python of an environment of the tool's own, made from hash-locked requirements and kept."""
    requirements = HERE / "requirements.txt"
    folder = ROOT / ".venv" / f"datacontract-cli-{hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]}"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        uv = Path(sys.executable).parent / "uv"
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
        install = ["pip", "install", "--quiet", "--require-hashes", "--python", python, "-r", requirements]
        subprocess.run([uv, *install], check=True, timeout=300)
        (folder / "complete").touch()
    return python


def results_of_the_tool(python: Path, contracts: list[Path]) -> Mapping[str, Any]:
    """Return what the tool says of each contract."""
    command = [python, HERE / "run_tool.py", *contracts]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=500)
    assert done.returncode == 0, done.stderr
    found: Mapping[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def written(folder: Path, document: Mapping[str, Any], path: str, *others: Mapping[str, Any]) -> Path:
    """Write a copy of a contract with the server that the tool reads, and the tables that it refers to."""
    stated = copy.deepcopy(dict(document))
    stated["servers"] = [{"server": "here", "type": "local", "path": path, "format": "parquet"}]
    stated["schema"] = [*stated["schema"], *others]
    file = folder / "contract.yaml"
    file.write_text(yaml.safe_dump(stated, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return file


def ours(contract: Contract, folder: Path) -> ValidationResult:
    frame = pd.read_parquet(folder / "sales.parquet")
    return validate(contract, frame, file="sales.parquet", references={"items": NAMES}, now=NOW)


def test_corrupted_files_have_the_result_of_an_independent_tool(tmp_path: Path, python_of_the_tool: Path) -> None:
    alone = tmp_path / "contract_sales.yaml"
    alone.write_text(yaml.safe_dump(SALES, sort_keys=False), encoding="utf-8")
    contract, files = load_contract(alone), {}
    for name, damage in DAMAGE.items():
        folder = tmp_path / name.replace(" ", "_")
        folder.mkdir()
        damage(good()).to_parquet(folder / "sales.parquet", index=False)
        NAMES.to_parquet(folder / "items.parquet", index=False)
        files[name] = written(folder, SALES, f"{folder}/{{model}}.parquet", ITEMS)
    theirs = results_of_the_tool(python_of_the_tool, list(files.values()))
    assert theirs[str(files["none"])]["lint"] == "passed"
    for name, file in files.items():
        validation, found = ours(contract, file.parent), theirs[str(file)]
        broken = [check_result.message for check_result in validation.failures]
        assert validation.passed == (found["test"] != "failed"), (name, broken, found)
        warns = "field_invalid_values item" in found["warned"]
        assert [check_result.check for check_result in validation.warnings] == ["rule_item_invalidValues"] * warns, (
            name,
            found,
        )
    validations = {name: theirs[str(file)]["test"] for name, file in files.items()}
    passing = {name for name, result in validations.items() if result != "failed"}
    assert passing == {"none", "nulls up to the bound", "a warning alone"}


def test_our_contracts_and_their_files_hold_for_an_independent_tool(tmp_path: Path, python_of_the_tool: Path) -> None:
    copies: dict[str, Path] = {}
    for path in SHIPPED:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        table = document["schema"][0]["name"]
        (tmp_path / table).mkdir()
        copies[table] = written(tmp_path / table, document, str(RAW / FILES.get(table, f"{table}.parquet")))
    theirs = results_of_the_tool(python_of_the_tool, list(copies.values()))
    for path in SHIPPED:
        contract = load_contract(path)
        table, file = contract.table, RAW / FILES.get(contract.table, f"{contract.table}.parquet")
        references = {other: pd.read_parquet(RAW / f"{other}.parquet") for other in contract.referenced_tables}
        validation = validate(contract, pd.read_parquet(file), file=file.name, references=references, now=NOW)
        found = theirs[str(copies[table])]
        assert found["lint"] == "passed"
        assert validation.passed
        # what is set aside here, the tool counts as a failure: it knows no quarantine
        assert len(found["failed"]) == len({*zip(validation.rejected["column"], strict=True)}), found
        assert (found["test"] == "failed") == bool(validation.n_quarantined)
