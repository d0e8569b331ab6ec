"""The contract says each rule by the severity that its trial allows, and what was seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from ml_platform.scaffold.inferred_contract import contract_values
from ml_platform_tests.scaffold.shop import infer, shop
from ml_platform_tests.scaffold.simulated import payroll


def columns(folder: Path, frame: pd.DataFrame, target: str, **stated: Any) -> dict[str, dict[str, Any]]:
    values = contract_values(infer(folder, frame, target, **stated))
    return {column["profile"].name: column for column in values["columns"]}


def test_columns_have_the_rule_of_their_kind_and_those_left_out_have_none(tmp_path: Path) -> None:
    found = columns(tmp_path, shop(), "churned", protected=("gender",))
    assert found["gender"]["rule"].valid_values == ("f", "m")
    assert found["gender"]["classification"] == "protected"
    assert found["churned"]["rule"].valid_values == ("no", "yes")
    assert found["age"]["rule"].options == {"minimum": 10, "maximum": 90}
    assert [name for name in ("customer_id", "country", "fax", "note", "refund") if found[name]["rule"]] == []
    assert found["fax"]["null_percent"] == 99
    assert not any(column["figure"] or column["null_figure"] for column in found.values())


def test_what_failed_in_its_trial_has_its_figure(tmp_path: Path) -> None:
    found = columns(tmp_path, payroll(), "resigned", time="fiscal_year")
    assert found["department"]["figure"].startswith("learned on 2008 to 2012, it fails")
    assert found["grade"]["figure"] == ""
    assert found["base_pay"]["rule"].maximum is None
