"""A contract inferred from the first partitions accepts the honest ones that follow, and rejects a bad file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ml_platform.contract.result import ValidationResult
from ml_platform.contract.validation import validate
from ml_platform.pipeline.model import Model
from ml_platform.scaffold.render import render
from ml_platform.spec import load_spec
from ml_platform_tests.scaffold.shop import infer
from ml_platform_tests.scaffold.simulated import bikes, payroll

Parts = dict[str, pd.DataFrame]


def by_month(frame: pd.DataFrame) -> Parts:
    return {str(key): part for key, part in frame.groupby(frame["dteday"].dt.strftime("%Y-%m"))}


def by_year(frame: pd.DataFrame) -> Parts:
    return {str(key): part for key, part in frame.groupby("fiscal_year")}


def model_of(folder: Path, frame: pd.DataFrame, target: str, time: str, **stated: Any) -> Model:
    found = infer(folder, frame, target, time=time, **stated)
    for file, text in render(found, name="later", owner="team:later", command="ml-platform new").items():
        (folder / file).write_text(text, encoding="utf-8")
    return Model.load(load_spec(folder), folder)


def held_against(model: Model, frame: pd.DataFrame, key: str) -> ValidationResult:
    """What the contract says of a partition that was delivered later, as the types of the contract."""
    frame = frame.astype({name: "int64" for name in frame if pd.api.types.is_integer_dtype(frame[name].dtype)})
    for name in frame.select_dtypes("datetime"):
        is_date = model.contracts["later"].columns[name].type == "date"
        frame[name] = frame[name].dt.date if is_date else frame[name].astype("datetime64[us]")
    frame = frame.assign(row_number=range(len(frame))) if "row_number" in model.contracts["later"].columns else frame
    window = model.contract_window("later", key)
    return validate(model.contracts["later"], frame.reset_index(drop=True), file=key, window=window)


def rejected(model: Model, parts: Parts) -> dict[str, list[str]]:
    """The partitions that may not be used, and why."""
    results = {key: held_against(model, frame, key) for key, frame in parts.items()}
    return {key: [one.message for one in result.failures] for key, result in results.items() if not result.passed}


@pytest.mark.parametrize("every", ["3h", "1D"])
@pytest.mark.parametrize(
    "keep", [(), ("mnth", "season", "casual", "registered", "yr")], ids=["as proposed", "all kept"]
)
def test_six_of_six_later_months_of_bike_hire_are_accepted(tmp_path: Path, every: str, keep: tuple[str, ...]) -> None:
    """The months have other months, seasons and years in them, and twice as many bikes."""
    frame = bikes(every=every)
    first = frame[frame["dteday"] < "2012-01-01"]
    model = model_of(tmp_path, first, "cnt", "dteday", keep=keep)
    assert rejected(model, by_month(frame[frame["dteday"] >= "2012-01-01"])) == {}


def test_months_of_half_a_year_accept_the_other_half(tmp_path: Path) -> None:
    frame = bikes()
    first = frame[frame["dteday"] < "2011-07-01"]
    model = model_of(tmp_path, first, "cnt", "dteday", keep=("mnth", "season", "hr"))
    later = frame[(frame["dteday"] >= "2011-07-01") & (frame["dteday"] < "2012-01-01")]
    assert rejected(model, by_month(later)) == {}


@pytest.mark.parametrize("target", ["total_pay", "resigned"])
def test_five_of_five_later_years_of_a_payroll_are_accepted(tmp_path: Path, target: str) -> None:
    """Pay grows and departments come."""
    frame = payroll()
    model = model_of(tmp_path, frame[frame["fiscal_year"] <= 2012], target, "fiscal_year")
    assert rejected(model, by_year(frame[frame["fiscal_year"] > 2012])) == {}


BAD: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "degrees": lambda frame: frame.assign(temp=frame["temp"] * 41),
    "hours as 1 to 2400": lambda frame: frame.assign(hr=frame["hr"] * 100),
    "negative counts": lambda frame: frame.assign(cnt=-frame["cnt"]),
    "a flag that is none": lambda frame: frame.assign(workingday=frame["workingday"] + 1),
    "half of it missing": lambda frame: frame.assign(hum=frame["hum"].where(frame.index % 2 == 0)),
    "another column": lambda frame: frame.rename(columns={"hum": "humidity"}),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_rejected(tmp_path: Path, case: str) -> None:
    frame = bikes()
    model = model_of(tmp_path, frame[frame["dteday"] < "2012-01-01"], "cnt", "dteday")
    later = frame[frame["dteday"].dt.strftime("%Y-%m") == "2012-02"]
    assert rejected(model, {"2012-02": BAD[case](later)})


def test_a_rule_that_failed_on_later_partitions_is_a_warning_with_its_figure(tmp_path: Path) -> None:
    frame = payroll()
    model_of(tmp_path, frame, "resigned", "fiscal_year")
    contract = (tmp_path / "contract.yaml").read_text(encoding="utf-8")
    department = contract[contract.index('name: "department"') :]
    assert "severity: warning # learned on 2008 to 2012, it fails" in department[: department.index("- name:")]
    assert "of the rows of 2017" in department
