"""Each column's use is guessed for a reason that is said, and what cannot become a model is rejected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ml_platform.errors import DataError, PlatformError, SpecError
from ml_platform.scaffold.infer import infer_model
from ml_platform.scaffold.inferred_model import InferredModel
from ml_platform.scaffold.roles import ColumnOptions
from ml_platform.scaffold.source import ReadOptions, read_source
from ml_platform.task import Task

N = 600


def shop() -> pd.DataFrame:
    """Customers of a shop, with one column of every kind that deserves a remark."""
    rng = np.random.default_rng(3)
    age = rng.integers(18, 80, N)
    churned = rng.random(N) < 0.2 + 0.3 * (age > 50)
    return pd.DataFrame(
        {
            "customer_id": rng.permutation(np.arange(10_000, 10_000 + N)),
            "age": age,
            "plan": rng.choice(["basic", "plus", "no"], N),
            "region_code": rng.integers(1, 17, N),
            "rooms": rng.integers(0, 6, N),
            "zip": [f"{number:05}" for number in rng.integers(0, 40, N)],
            "is_member": rng.random(N) < 0.5,
            "signup_at": pd.date_range("2023-01-05", periods=N, freq="17h"),
            "country": "DE",
            "fax": np.where(np.arange(N) < 20, "yes", None),
            "note": [f"customer {number} called about the bill" for number in range(N)],
            "refund": np.where(churned, rng.integers(5, 90, N), 0),
            "gender": rng.choice(["f", "m"], N),
            "churned": np.where(churned, "yes", "no"),
        }
    )


def infer(folder: Path, frame: pd.DataFrame, target: str, task: Task | None = None, **stated: Any) -> InferredModel:
    file = folder / "table.csv"
    frame.to_csv(file, index=False)
    source = read_source(file, ReadOptions(time=stated.get("time")))
    return infer_model(source, ColumnOptions(target, **stated), task=task, timezone="UTC", time_format=None)


def test_each_column_gets_its_use_and_the_reason(tmp_path: Path) -> None:
    found = infer(tmp_path, shop(), "churned", time="signup_at", protected=("gender",))
    expected = {
        "customer_id": ("key", "names a row"),
        "age": ("number", "18 to 79"),
        "plan": ("category", "3 values"),
        "region_code": ("category", "codes"),
        "rooms": ("number", "0 to 5"),
        "zip": ("category", "40 values"),
        "is_member": ("category", "2 values"),
        "signup_at": ("time", "as you say"),
        "country": ("left out", "same value in every row"),
        "fax": ("left out", "missing"),
        "note": ("left out", "identifier"),
        "refund": ("left out", "100% of the target"),
        "gender": ("left out", "protected"),
        "churned": ("target", "as you say"),
    }
    assert {name: role.use for name, role in found.roles.items()} == {name: use for name, (use, _) in expected.items()}
    for name, (_, word) in expected.items():
        assert word in found.roles[name].reason
    assert (found.target.task, found.target.positive, found.key) == ("binary", "yes", ("customer_id",))
    assert found.partitions is not None
    assert (found.partitions.every, found.partitions.start) == ("month", "2023-01")
    assert sum(piece.num_rows for piece in found.by_partition().values()) == N


def test_what_a_person_says_wins(tmp_path: Path) -> None:
    found = infer(tmp_path, shop(), "churned", keep=("refund", "zip"), drop=("age",), key=("note",))
    uses = {name: role.use for name, role in found.roles.items()}
    assert (uses["refund"], uses["age"], uses["note"], uses["customer_id"]) == ("number", "left out", "key", "left out")
    assert found.partitions is None


TARGETS: dict[str, tuple[list[Any], str]] = {
    "two words": (["a", "b", "b", "b"], "binary"),
    "zero and one": ([0, 1, 1, 0], "binary"),
    "true and false": ([True, False, False, True], "binary"),
    "numbered classes": ([0, 1, 2, 2], "multiclass"),
    "words": (["x", "y", "z", "z"], "multiclass"),
    "whole amounts": ([3, 17, 250, 4_000], "regression"),
    "numbers": ([0.5, 1.5, 2.25, 9.0], "regression"),
    "two halves": ([0.5, 1.5, 1.5, 0.5], "binary"),
}


@pytest.mark.parametrize("case", TARGETS)
def test_the_task_follows_from_the_target(tmp_path: Path, case: str) -> None:
    values, task = TARGETS[case]
    frame = pd.DataFrame({"x": np.random.default_rng(0).random(200), "y": values * 50})
    assert infer(tmp_path, frame, "y").target.task == task


def with_(**columns: Any) -> pd.DataFrame:
    return shop().assign(**columns)


WRONG: dict[str, tuple[pd.DataFrame, dict[str, Any], type[PlatformError], list[str]]] = {
    "no such column": (shop(), {"target": "churn"}, SpecError, ["'churn'", "Did you mean 'churned'"]),
    "no such key": (shop(), {"key": ("customer",)}, SpecError, ["'customer'", "customer_id"]),
    "no key": (shop(), {"key": ("plan", "rooms")}, DataError, ["600 of 600 rows", "plan = ", "customer_id"]),
    "key with holes": (shop(), {"key": ("fax",)}, DataError, ["'fax'", "580 of 600 rows"]),
    "target as key": (shop(), {"key": ("churned",)}, SpecError, ["target", "--key"]),
    "constant target": (with_(churned="no"), {}, DataError, ["nothing to learn"]),
    "rare class": (with_(churned=["a"] * 5 + ["b"] * (N - 5)), {}, DataError, ["'a' is there 5 times"]),
    "target of names": (shop(), {"target": "note"}, SpecError, ["'note'"]),
    "time that is text": (shop(), {"time": "plan"}, DataError, ["'plan' is text (such as 'basic')", "--time-format"]),
    "time with holes": (
        with_(signup_at=lambda frame: frame["signup_at"].where(frame.index != 4)),
        {"time": "signup_at"},
        DataError,
        ["1 of 600 rows", "row 5"],
    ),
    "nothing left": (
        shop()[["customer_id", "note", "churned"]],
        {},
        DataError,
        ["no column is left", "note: ", "--keep"],
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_become_a_model_is_refused_with_the_reason(tmp_path: Path, case: str) -> None:
    frame, options, kind, words = WRONG[case]
    stated = {"target": "churned", **options}
    with pytest.raises(kind) as error:
        infer(tmp_path, frame, stated.pop("target"), **stated)
    for word in words:
        assert word in str(error.value)


TIMES: dict[str, tuple[pd.DatetimeIndex, str | None]] = {
    "a year of days": (pd.date_range("2023-01-01", periods=8_000, freq="h"), "month"),
    "ten years": (pd.date_range("2010-01-01", periods=4_000, freq="22h"), "year"),
    "two weeks": (pd.date_range("2023-03-01", periods=14 * 300, freq="288s"), "day"),
    "a day": (pd.date_range("2023-03-01", periods=500, freq="60s"), None),
    "every fifth year": (pd.DatetimeIndex([f"{1950 + 5 * (n % 10)}-01-01" for n in range(1000)]), None),
}


@pytest.mark.parametrize("case", TIMES)
def test_a_table_is_cut_into_about_a_dozen_large_windows_without_holes(tmp_path: Path, case: str) -> None:
    times, every = TIMES[case]
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"at": times, "x": rng.random(len(times)), "y": rng.random(len(times))})
    found = infer(tmp_path, frame, "y", time="at")
    assert (found.partitions and found.partitions.every) == every
    if found.partitioning is not None:
        assert found.partitioning.holes == ()
