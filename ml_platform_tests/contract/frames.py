"""Frames that hold to a contract, made from the contract itself; for the tests of every package."""

from __future__ import annotations

import re
import string
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from ml_platform.contract import Column, Contract, Window
from ml_platform.contract.rules import Length, OneOf, Pattern, Range, Rule

JANUARY = Window("", datetime(2013, 1, 1, 5, tzinfo=UTC), datetime(2013, 2, 1, 5, tzinfo=UTC))
DRAWS = 50


def valid_frame(contract: Contract, n_rows: int, seed: int, *, window: Window | None = None) -> pd.DataFrame:
    """Return a frame that passes every rule but the row count, which is the caller's; all times lie in the window.

    Columns are drawn independently of one another: what holds between them in real data does not hold here.
    """
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame()
    for _ in range(DRAWS):
        columns = {column.name: _drawn(column, n_rows, rng, window) for column in contract.columns.values()}
        frame = pd.concat([frame, pd.DataFrame(columns)], ignore_index=True) if len(frame) else pd.DataFrame(columns)
        frame = frame.drop_duplicates(list(contract.key) or None, ignore_index=True)
        if len(frame) >= n_rows:
            return _with_nulls(contract, frame.head(n_rows).copy(), rng)
    raise ValueError(f"The key {contract.key} has fewer than {n_rows} values.")


def _drawn(column: Column, n_rows: int, rng: np.random.Generator, window: Window | None) -> pd.Series:
    if window is not None and window.column == column.name and window.time_format is not None:
        text = pd.Series([window.start.strftime(window.time_format)] * n_rows)
        return text.astype("int64") if column.type == "integer" else text
    if column.type == "timestamp":
        return _times(window or JANUARY, n_rows, rng)
    if column.type == "boolean":
        return pd.Series(rng.random(n_rows) < 0.5)
    return pd.Series([_value(column, rng) for _ in range(n_rows)])


def _times(window: Window, n_rows: int, rng: np.random.Generator) -> pd.Series:
    minutes = int((window.end - window.start).total_seconds() // 60)
    start = pd.Timestamp(window.start).tz_convert("UTC")
    times = start + pd.to_timedelta(rng.integers(0, minutes, n_rows), unit="min")
    return pd.Series(times).astype("datetime64[ms, UTC]")


def _value(column: Column, rng: np.random.Generator) -> object:
    rule: Rule | None = next(
        (rule for rule in column.rules if isinstance(rule, OneOf | Range | Pattern | Length)), None
    )
    match rule:
        case OneOf(values):
            return values[rng.integers(len(values))]
        case Pattern(regex):
            return _matching(regex, rng)
        case Length(minimum, maximum):
            return _text(string.ascii_uppercase, int(rng.integers(minimum or 1, (maximum or 20) + 1)), rng)
        case Range(minimum, maximum):
            low = float(minimum if minimum is not None else -1000)  # type: ignore[arg-type]
            high = float(maximum if maximum is not None else low + 1_000_000)  # type: ignore[arg-type]
            return _number(column, low, high, rng)
    return _number(column, 0, 1, rng) if column.type in ("integer", "number") else _text(string.ascii_letters, 5, rng)


def _number(column: Column, low: float, high: float, rng: np.random.Generator) -> float | int:
    if column.type == "integer":
        return int(rng.integers(int(low), int(high) + 1))
    return round(float(rng.uniform(low, high)), 2)


def _matching(regex: str, rng: np.random.Generator) -> str:
    """Return a string for the patterns that our contracts use: characters and classes, each with a count."""
    parts = re.findall(r"(\[[^\]]+\]|[0-9A-Za-z])(?:\{(\d+)(?:,(\d+))?\})?", regex.strip("^$"))
    counts = [(letters, int(low or 1), int(high or low or 1)) for letters, low, high in parts]
    return "".join(_text(_letters(letters), int(rng.integers(low, high + 1)), rng) for letters, low, high in counts)


def _letters(regex: str) -> str:
    return "".join(letter for letter in string.printable if re.fullmatch(regex, letter))


def _text(letters: str, length: int, rng: np.random.Generator) -> str:
    return "".join(rng.choice(list(letters), length))


def _with_nulls(contract: Contract, frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Blank half as many values as may be missing; integers become floats, as pandas reads them."""
    for column in contract.columns.values():
        if column.max_null_share is None:
            continue
        missing = rng.permutation(len(frame)) < int(len(frame) * column.max_null_share / 2)
        if column.type in ("integer", "number"):
            frame[column.name] = frame[column.name].astype("float64")
        frame[column.name] = frame[column.name].mask(missing)
    return frame
