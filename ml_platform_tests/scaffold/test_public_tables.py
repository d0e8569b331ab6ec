"""Public tables of different shapes: proposed, held against the contract, trained and evaluated, not a line edited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ml_platform.stores.artifact import ArtifactKey
from ml_platform_tests.place import RAW, Place
from ml_platform_tests.scaffold.project import ForeignProject


def weather() -> pd.DataFrame:
    """Hourly weather of three airports in 2013: times with a zone, missing values, a constant, a leak."""
    frame = pd.read_parquet(RAW / "weather.parquet")
    return frame.assign(rain=(frame["precip"] > 0).map({True: "yes", False: "no"}))


def gapminder() -> pd.DataFrame:
    """Countries every fifth year: a year as time, text of 142 values, columns with Chinese names."""
    frame = pd.read_csv(str(files("plotly") / "package_data" / "datasets" / "gapminder.csv.gz"), keep_default_na=False)
    return frame.rename(columns={"country": "国家", "year": "年", "lifeExp": "预期寿命"})


def affairs() -> pd.DataFrame:
    """Affairs among the readers of a magazine (Fair 1978): integer-coded categories, a count made into yes and no."""
    frame = pd.read_csv(str(files("statsmodels") / "datasets" / "fair" / "fair.csv"))
    return frame.assign(affair=frame["affairs"] > 0)


def digits() -> pd.DataFrame:
    """Images of digits: many whole numbers that are no codes, ten classes."""
    from sklearn.datasets import load_digits

    return load_digits(as_frame=True).frame.iloc[:, 50:]


def diabetes() -> pd.DataFrame:
    """Progression of diabetes, as a German spreadsheet has it: semicolons and decimal commas."""
    from sklearn.datasets import load_diabetes

    return load_diabetes(as_frame=True).frame


@dataclass(frozen=True)
class Table:
    make: Callable[[], pd.DataFrame]
    target: str
    task: str
    options: dict[str, Any] = field(default_factory=dict)
    csv: dict[str, Any] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


TABLES = {
    "rain": Table(
        weather,
        "rain",
        "binary",
        {"time": "time_hour", "timezone": "America/New_York"},
        {"na_rep": "NA"},
        left_out=("year", "precip", "month"),
        categories=("origin", "time_hour_weekday"),
    ),
    "life": Table(
        gapminder, "预期寿命", "regression", {"time": "年"}, categories=("feature", "continent", "iso_alpha")
    ),
    "affairs": Table(
        affairs,
        "affair",
        "binary",
        left_out=("affairs",),
        categories=("rate_marriage", "occupation", "occupation_husb"),
    ),
    "digits": Table(digits, "target", "multiclass"),
    "diabetes": Table(diabetes, "target", "regression", csv={"sep": ";", "decimal": ","}),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_public_table_becomes_a_model_that_is_trained_and_evaluated(
    project: ForeignProject, tmp_path: Path, name: str
) -> None:
    table = TABLES[name]
    file = tmp_path / f"{name}.csv"
    table.make().to_csv(file, index=False, **table.csv)
    found = project.new(name, file, table.target, **table.options)
    model = project.model(name)
    assert model.spec.task == table.task
    uses = {column: role.use for column, role in found.roles.items()}
    assert {uses[column] for column in table.left_out} <= {"left out"}
    assert {model.kinds[feature] for feature in table.categories} <= {"category"}
    partition = found.partitioning.longest_run()[-2] if found.partitioning else None
    with Place.open(project.data, project.definitions(name)) as place:
        for key in model.window(partition)[:-1]:
            assert place.run(f"{name}_ingest", key).success
        outcome = place.run(f"{name}_train", partition)
        assert outcome.success, outcome.problems
        assert place.stores.documents.read(ArtifactKey(name, "evaluation", partition))["baseline"]["n_rows"] >= 100
        assert not place.stores.tables.read(model.table_artifact("quarantine", name, partition)).shape[0]
