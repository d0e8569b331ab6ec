"""Columns have names that contracts, features and checks can use."""

from hypothesis import given
from hypothesis import strategies as st

from ml_platform.scaffold.usable_names import numbered, usable_names

NAMES = st.text(min_size=1, max_size=6) | st.sampled_from(["a.b", "a_b", "a b", "reasons", "reasons_2", ".", "\n"])


@given(st.lists(NAMES, max_size=8, unique=True))
def test_names_are_printable_have_no_point_and_are_told_apart_by_their_checks(names: list[str]) -> None:
    found = usable_names(names)
    assert list(found) == names
    usable = list(found.values())
    assert all(name.isprintable() and name and "." not in name and name != "reasons" for name in usable)
    checks = ["".join(c if c.isascii() and (c.isalnum() or c == "_") else "_" for c in name) for name in usable]
    assert len(set(checks)) == len(checks)


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert [numbered("a", taken.__contains__) for taken in ("", "a", ["a", "a_2"])] == ["a", "a_2", "a_3"]
