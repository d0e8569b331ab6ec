"""Each column's use follows from its values and name, unless a person says it; the reason is always said."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from ml_platform.scaffold.profile import profile_columns
from ml_platform.scaffold.roles import ColumnOptions, Role, Seen, assign_roles, identifies
from ml_platform.scaffold.suspects import Suspect

N = 500
RNG = np.random.default_rng(8)
CASES: dict[str, tuple[str, list[Any], str, str]] = {
    "amounts": ("x", RNG.integers(0, 900, N).tolist(), "number", "to"),
    "numbers": ("x", RNG.normal(size=N).tolist(), "number", "to"),
    "codes by name": ("region_code", RNG.integers(0, 30, N).tolist(), "category", "its name says"),
    "codes by value": ("x", RNG.choice([1, 2, 4, 7], N).tolist(), "category", "like codes"),
    "codes with gaps": ("x", RNG.choice([101, 120, 155, 230, 415], N).tolist(), "category", "with gaps"),
    "prices": ("x", RNG.choice(np.arange(50, 1000, 50), N).tolist(), "number", "50 to 950"),
    "counts from zero": ("x", RNG.integers(0, 5, N).tolist(), "number", "0 to 4"),
    "words": ("x", RNG.choice(["a", "b", "c"], N).tolist(), "category", "3 values"),
    "truth values": ("x", RNG.choice([True, False], N).tolist(), "category", "2 values"),
    "constant": ("x", [7] * N, "left out", "same value in every row"),
    "mostly missing": ("x", [1.5] * 50 + [None] * (N - 50), "left out", "90% of its values are missing"),
    "beyond 32 bits": ("x", [1e39, *RNG.normal(size=N - 1).tolist()], "left out", "32 bits cannot hold"),
    "identifier by name": ("user_id", RNG.permutation(10 * N)[:N].tolist(), "left out", "identifier"),
    "identifier by order": ("x", list(range(100, 100 + N)), "left out", "identifier"),
    "unique amounts": ("x", (RNG.permutation(10 * N)[:N]).tolist(), "number", "every value is another one"),
    "free text": ("x", [f"this is what customer {n % 60} said on the telephone" for n in range(N)], "left out", "free"),
    "names": ("x", [f"name {n % 300}" for n in range(N)], "left out", "names or free text"),
    "times": (
        "x",
        RNG.choice(np.array(["2023-01-01", "2023-01-02"], "datetime64[D]"), N).tolist(),
        "date",
        "2023-01-01",
    ),
}

COPY = Suspect("near-certain", "tells 99% of the target.")


def role(name: str, values: list[Any], seen: Seen | None = None, **options: Any) -> Role:
    profiles = profile_columns(pa.table({name: values, "y": [0, 1] * (N // 2)}))
    roles = assign_roles(profiles, ColumnOptions("y", **options), seen or Seen())
    assert list(roles) == [name, "y"]
    assert roles["y"].use == "target"
    return roles[name]


@pytest.mark.parametrize("case", CASES)
def test_a_column_has_the_use_that_its_values_suggest(case: str) -> None:
    name, values, use, reason = CASES[case]
    found = role(name, values)
    assert (found.column, found.use) == (name, use)
    assert reason in found.reason
    assert found.suspicious == (use == "left out" or case == "unique amounts")


@pytest.mark.parametrize("case", CASES)
def test_a_person_has_the_last_word(case: str) -> None:
    name, values, _, _ = CASES[case]
    kept = role(name, values, Seen({name: COPY}, follows={name: 1.0}), keep=(name,))
    assert kept.use in ("number", "category", "date")
    assert kept.reason.startswith("kept, as you say")
    assert role(name, values, drop=(name,)).use == "left out"
    assert role(name, values, key=(name,)).use == "key"
    assert role(name, values, time=name).use == "time"
    assert "protected" in role(name, values, protected=(name,)).reason


def test_a_near_copy_of_the_target_is_left_out_and_can_be_kept() -> None:
    found = role("x", CASES["numbers"][1], Seen({"x": COPY}))
    assert (found.use, found.leaks, found.suspicious, found.suspected_as) == ("left out", True, True, None)
    assert "tells 99% of the target" in found.reason
    assert "--keep x" in found.reason


def test_a_suspicious_column_is_left_out_and_says_what_it_would_be() -> None:
    found = role("my x", CASES["words"][1], Seen({"my x": Suspect("suspicious", "tells 90% of the target.")}))
    assert (found.use, found.leaks, found.suspicious, found.suspected_as) == ("left out", False, True, "category")
    assert "--keep 'my x'" in found.reason


def test_what_follows_the_partition_is_left_out() -> None:
    found = role("month", CASES["codes by value"][1], Seen(follows={"month": 0.97}))
    assert (found.use, found.suspicious) == ("left out", True)
    assert "the partition tells 97% of it, so it can only drift" in found.reason


def test_two_rows_identify_nothing() -> None:
    profiles = profile_columns(pa.table({"id": [1, 2], "text": ["a", "b"]}))
    assert not any(identifies(profile) for profile in profiles.values())
