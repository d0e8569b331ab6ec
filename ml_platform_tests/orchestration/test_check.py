"""Outcomes become checks of an asset: one per rule, or one per kind of rule for more than a hundred columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import numpy as np
import pandas as pd
import pytest

from ml_platform.errors import DataError
from ml_platform.orchestration.asset import build_asset
from ml_platform.orchestration.asset_kind import Asset, AssetKind
from ml_platform.orchestration.check import CheckKind
from ml_platform.orchestration.check_rules import Outcome, Rule
from ml_platform.pipeline.model import Model
from ml_platform_tests.place import Place
from ml_platform_tests.small_models import SMALL_MODELS, SmallModel, small_definitions, table, write_model

N_COLUMNS = 101


def wide() -> pd.DataFrame:
    values = np.random.default_rng(0).normal(size=(200, N_COLUMNS))
    columns = {f"x_{number}": values[:, number] for number in range(N_COLUMNS)}
    return pd.DataFrame({**columns, "y": values[:, 0] + values[:, 1] > 0})


def test_its_checks_are_few_and_name_the_columns_that_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = SmallModel(
        wide, "binary", {"column": "y"}, "roc_auc", 0.1, ("logistic_regression", "random_forest"), ("score",)
    )
    monkeypatch.setitem(SMALL_MODELS, "wide", model)
    definitions = small_definitions(write_model("wide", tmp_path / "defs"))
    (tmp_path / "raw").mkdir()
    with Place.open(tmp_path, definitions) as place:
        table("wide").to_parquet(place.raw("wide.parquet"))
        outcome = place.run("wide_ingest", None)
        assert outcome.success, outcome.problems
        results = place.check("group:wide", None)
        of_raw = {result.check for result in results if result.asset == "wide/raw_wide"}
        assert of_raw == {"as_recorded", "schema", "row_count", "quarantine_share", "key", "each_column", "all_checks"}
        table("wide").assign(x_7=None, x_50="text").to_parquet(place.raw("wide.parquet"))
        said = "\n".join(place.run("wide_ingest", None).problems)
    assert "wide/raw_wide each_column: " in said
    assert "'x_7'" in said
    assert "'x_50'" in said


RULES = (Rule("key", "Unique."), Rule("range", "In range.", warns=True))


def evaluate(model: Model, kind: CheckKind, *selected: str) -> dict[str, dg.AssetCheckEvaluation]:
    asset = dg.AssetKey([model.name, kind.asset])
    checks = dg.AssetSelection.checks(*(dg.AssetCheckKey(asset, name) for name in selected or ("key", "range")))
    checked = AssetKind("features", (Asset(kind.asset, "Rows.", frozenset()),), lambda *_: ())
    definitions = dg.Definitions(
        assets=[build_asset(model, checked, [kind])],
        jobs=[dg.define_asset_job("checks", checks)],
        resources={"stores": "the stores"},
    )
    result = definitions.resolve_job_def("checks").execute_in_process(raise_on_error=False)
    return {found.check_name: found for found in result.get_asset_check_evaluations()}


def test_outcomes_become_evaluations_and_a_warning_blocks_nothing(tumours: Model) -> None:
    def body(*_: object) -> Iterator[Outcome]:
        yield Outcome("key", False, "14 rows share a key", metadata={"rows_failed": 14})
        yield Outcome("range", False, "3 rows", dg.AssetCheckSeverity.WARN)

    kind = CheckKind("rows", RULES, body, blocking=True)
    key, in_range = (evaluate(tumours, kind)[name] for name in ("key", "range"))
    assert (key.passed, key.blocking, key.severity.value) == (False, True, "ERROR")
    assert (key.description, key.metadata["rows_failed"].value) == ("14 rows share a key", 14)
    assert (in_range.passed, in_range.blocking, in_range.severity.value) == (False, False, "WARN")
    assert list(evaluate(tumours, kind, "range")) == ["range"]


def test_checks_that_cannot_run_have_failed_and_say_why(tumours: Model) -> None:
    def body(*_: object) -> Iterator[Outcome]:
        raise DataError("rows.parquet does not exist")
        yield

    found = evaluate(tumours, CheckKind("rows", RULES, body, blocking=True))
    assert {name: (one.passed, one.description) for name, one in found.items()} == dict.fromkeys(
        ("key", "range"), (False, "could not run: rows.parquet does not exist")
    )
