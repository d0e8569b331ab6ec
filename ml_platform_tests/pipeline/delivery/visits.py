"""A year of visits, of which `ml-platform new` has seen the first half, and the second comes file by file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ml_platform.stores.raw import RawStore
from ml_platform_tests.scaffold.project import ForeignProject

FIRST_HALF = "2024-06"


def visits() -> pd.DataFrame:
    """Return 900 visits with a key, whole numbers that may be missing, dates, words and an outcome."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"id": range(1, 901), "at": pd.date_range("2024-01-01", periods=900, freq="9h")})
    frame["x"] = rng.random(900).round(6)
    frame["n"] = pd.array(rng.integers(0, 9, 900), dtype="Int64")
    frame.loc[::20, "n"] = pd.NA
    frame["day"] = frame["at"].dt.date
    frame["kind"] = rng.choice(["a", "b", "007"], 900)
    frame["bought"] = np.where(rng.random(900) < frame["x"], "yes", "no")
    return frame


def months(frame: pd.DataFrame) -> pd.Series:
    return frame["at"].dt.strftime("%Y-%m")


def month(key: str, frame: pd.DataFrame | None = None) -> pd.DataFrame:
    frame = visits() if frame is None else frame
    return frame[months(frame) == key].reset_index(drop=True)


def first_half(project: ForeignProject, frame: pd.DataFrame | None = None, **options: Any) -> ForeignProject:
    """Return a project with the model `visits`, from a CSV file with semicolons and decimal commas."""
    frame = visits() if frame is None else frame
    file = project.root / "first.csv"
    write_csv(frame[months(frame) <= FIRST_HALF], file)
    project.new("visits", file, "bought", time="at", **options)
    return project


def write_csv(frame: pd.DataFrame, file: Path) -> Path:
    days = pd.to_datetime(frame["day"]).dt.strftime("%d.%m.%Y") if "day" in frame else None
    frame = frame if days is None else frame.assign(day=days)
    frame.to_csv(file, index=False, sep=";", decimal=",", na_rep="?")
    return file


def stored(project: ForeignProject, key: str | None, table: str = "visits") -> pd.DataFrame:
    return RawStore((project.data / "raw").absolute().as_uri(), Path("none")).read(table, key)


def raw_files(project: ForeignProject) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in (project.data / "raw").rglob("*.parquet")}
