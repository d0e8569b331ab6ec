"""Each column's use is guessed for a reason that is said, and what cannot become a model is rejected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ml_platform.errors import DataError, PlatformError, SpecError, WrongCall
from ml_platform_tests.scaffold.shop import N, infer, shop


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


def with_(**columns: Any) -> pd.DataFrame:
    return shop().assign(**columns)


WRONG: dict[str, tuple[pd.DataFrame, dict[str, Any], type[PlatformError], list[str]]] = {
    "no such column": (shop(), {"target": "churn"}, WrongCall, ["'churn'", "Did you mean 'churned'"]),
    "no such key": (shop(), {"key": ("customer",)}, WrongCall, ["'customer'", "customer_id"]),
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
