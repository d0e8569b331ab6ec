"""Tables of every shape that comes file by file: what is predicted, with and without time, and how it is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ml_platform_tests.scaffold.simulated import bikes, sensors, ship
from ml_platform_tests.scaffold.workbook import write_workbook

Write = Callable[[pd.DataFrame, Path], list[str]]
"""Writes rows into a file whose name is still without a suffix, and returns what `--from` is called with."""


@dataclass(frozen=True)
class Shape:
    """A table, how its files are written, and a file that must be rejected."""

    rows: Callable[[], pd.DataFrame]
    target: str
    write: Write
    bad: Callable[[pd.DataFrame], pd.DataFrame]
    wrong: str
    """What is said of the bad file."""
    time: str | None = None
    n_first: int = 0
    """Rows of the first file, where there is no time: else it has the first half of the months."""
    options: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    """Columns that come after the others: the target, of which a file of its own follows, and what goes with it."""


def shop(n_rows: int = 1800, *, every: str = "5h") -> pd.DataFrame:
    """Return orders of 2024 with a key, numbers with gaps, words, days, and outcomes of three kinds."""
    rng = np.random.default_rng(8)
    frame = pd.DataFrame({"order": np.arange(1, n_rows + 1)})
    frame["at"] = pd.date_range("2024-01-01", periods=n_rows, freq=every)
    frame["price"] = rng.gamma(3, 20, n_rows).round(2)
    frame["items"] = pd.array(rng.integers(1, 12, n_rows), dtype="Int64")
    frame.loc[rng.random(n_rows) < 0.05, "items"] = pd.NA
    frame["signed_up"] = (frame["at"] - pd.to_timedelta(rng.integers(0, 400, n_rows), "D")).dt.normalize()
    frame["channel"] = rng.choice(["web", "café", "téléphone"], n_rows, p=[0.6, 0.3, 0.1])
    level = frame["price"] / 60 + (frame["channel"] == "café") + rng.normal(0, 0.5, n_rows)
    frame["bought"] = np.where(level > 1.3, "yes", "no")
    frame["size"] = np.array(["small", "middle", "large"])[np.digitize(level, [0.9, 1.6])]
    frame["spent"] = (level * 40 + 30).round(2)
    return frame


def orders(target: str, *without: str) -> Callable[[], pd.DataFrame]:
    """Return the orders with one outcome and without some columns."""
    others = {"bought", "size", "spent"} - {target}
    return lambda: shop().drop(columns=[*others, *without])


def with_invoice() -> pd.DataFrame:
    """Return orders whose invoice is written when something has been bought."""
    frame = orders("bought")()
    return frame.assign(invoiced=frame["price"].where(frame["bought"] == "yes", 0))


def csv(frame: pd.DataFrame, file: Path) -> list[str]:
    frame.to_csv(file.with_suffix(".csv"), index=False)
    return [str(file.with_suffix(".csv"))]


def german_csv(frame: pd.DataFrame, file: Path) -> list[str]:
    """Write what a German spreadsheet does on Windows."""
    days = {name: frame[name].dt.strftime("%d.%m.%Y") for name in frame.select_dtypes("datetime")}
    text = frame.assign(**days).to_csv(index=False, sep=";", decimal=",")
    file.with_suffix(".csv").write_bytes(text.encode("cp1252"))
    return [str(file.with_suffix(".csv"))]


def parquet(frame: pd.DataFrame, file: Path) -> list[str]:
    """Write what pandas does: nanoseconds, dates as times, whole numbers beside missing ones as floats."""
    floats = {name: frame[name].astype("float64") for name in frame.select_dtypes("Int64")}
    frame.assign(**floats).to_parquet(file.with_suffix(".parquet"))
    return [str(file.with_suffix(".parquet"))]


def json_lines(frame: pd.DataFrame, file: Path) -> list[str]:
    """Write times as text, as JSON has no type for them."""
    days = {name: frame[name].dt.strftime("%d.%m.%Y %H:%M") for name in frame.select_dtypes("datetime")}
    frame.assign(**days).to_json(file.with_suffix(".jsonl"), orient="records", lines=True)
    return [str(file.with_suffix(".jsonl"))]


def workbook(frame: pd.DataFrame, file: Path) -> list[str]:
    """Write a workbook with two sheets, of which the second holds the rows."""
    cells = [[_cell(value) for value in row] for row in frame.itertuples(index=False)]
    write_workbook(file.with_suffix(".xlsx"), notes=[["read"], ["me"]], orders=[list(frame), *cells])
    return [str(file.with_suffix(".xlsx"))]


def sqlite(frame: pd.DataFrame, file: Path) -> list[str]:
    """Write a database, in which times are text."""
    with sqlite3.connect(file.with_suffix(".db")) as connection:
        frame.to_sql("orders", connection, index=False)
    connection.close()
    return [f"sqlite:///{file.with_suffix('.db')}", "--query", "SELECT * FROM orders"]


def _cell(value: Any) -> Any:
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return date(value.year, value.month, value.day)
    return value.item() if isinstance(value, np.generic) else value


SHAPES = {
    "binary, time, labels late": Shape(
        with_invoice, "bought", json_lines, lambda f: f.assign(price=-f["price"]), "price", "at",
        late=("bought", "invoiced"),
    ),
    "multiclass, time": Shape(
        orders("size", "at"),
        "size",
        workbook,
        lambda f: f.assign(channel="shop"),
        "channel",
        "signed_up",
        options=("--sheet", "orders"),
    ),
    "regression, time, drifting, with leaks": Shape(
        lambda: bikes(end="2013-01-01", every="12h"), "cnt", parquet, lambda f: f.assign(temp=f["temp"] * 41), "temp",
        "dteday",
    ),
    "binary, no time, with leaks": Shape(
        ship, "survived", csv, lambda f: f.assign(sex=f["sex"].str.upper()), "sex", n_first=700
    ),
    "multiclass, no time": Shape(
        orders("size", "at"), "size", sqlite, lambda f: f.assign(price=f["price"] * 100), "price", n_first=1000
    ),
    "regression, no time, cp1252": Shape(
        orders("spent", "at", "order"),
        "spent",
        german_csv,
        lambda f: f.assign(items=f["items"] * 1000),
        "items",
        n_first=1000,
        options=("--encoding", "cp1252"),
    ),
    "500 columns": Shape(
        lambda: sensors().drop(columns="at"), "failed", csv, lambda f: f.assign(**{"sensor 7": f["sensor 7"] * 100}),
        "sensor 7", n_first=700,
    ),
}  # fmt: skip
