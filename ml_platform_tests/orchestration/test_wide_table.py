"""A table of more than a hundred columns goes through the graph with one check per kind of rule."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

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
        assert of_raw == {"as_recorded", "schema", "row_count", "quarantine_share", "key", "each_column"}
        table("wide").assign(x_7=None, x_50="text").to_parquet(place.raw("wide.parquet"))
        said = "\n".join(place.run("wide_ingest", None).problems)
    assert "wide/raw_wide each_column: " in said
    assert "'x_7'" in said
    assert "'x_50'" in said
