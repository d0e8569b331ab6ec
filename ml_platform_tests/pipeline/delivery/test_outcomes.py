"""Outcomes may come after the rows that they are of."""

from __future__ import annotations

import pandas as pd
import pytest

from ml_platform.errors import DataError
from ml_platform_tests.pipeline.delivery.visits import month, raw_files, stored, write_csv
from ml_platform_tests.scaffold.project import ForeignProject

# Great Expectations imports modules of the standard library that are on their way out
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")


@pytest.fixture
def july(keyed: ForeignProject) -> ForeignProject:
    """A project to which July was delivered without outcomes."""
    keyed.add("visits", write_csv(month("2024-07").drop(columns="bought"), keyed.root / "july.csv"))
    assert stored(keyed, "2024-07")["bought"].isna().all()
    return keyed


def test_outcomes_that_arrive_are_entered_into_the_rows_of_their_keys(july: ForeignProject) -> None:
    outcomes = month("2024-07")[["id", "bought"]]
    half = write_csv(outcomes[::2], july.root / "half.csv")
    assert july.add("visits", half) == ["2024-07: 41 corrected of 82 rows; the contract is kept"]
    assert july.add("visits", half) == ["2024-07: nothing new"]
    july.add("visits", write_csv(pd.concat([outcomes, outcomes[:3]]), july.root / "all.csv"))
    pd.testing.assert_frame_equal(stored(july, "2024-07"), month("2024-07"), check_dtype=False)


def test_rows_that_come_again_without_their_outcomes_keep_them(july: ForeignProject) -> None:
    july.add("visits", write_csv(month("2024-07"), july.root / "all.csv"))
    assert july.add("visits", july.root / "july.csv") == ["2024-07: nothing new"]
    assert stored(july, "2024-07")["bought"].notna().all()


def test_numbered_rows_that_come_again_with_outcomes_keep_their_numbers(numbered: ForeignProject) -> None:
    rows = month("2024-07").drop(columns="id")
    numbered.add("visits", write_csv(rows.drop(columns="bought"), numbered.root / "july.csv"))
    before = stored(numbered, "2024-07")
    told = numbered.add("visits", write_csv(rows, numbered.root / "known.csv"))
    assert told == ["2024-07: 82 corrected of 82 rows; the contract is kept"]
    pd.testing.assert_series_equal(stored(numbered, "2024-07")["row_number"], before["row_number"])


WRONG: dict[str, tuple[pd.DataFrame, str]] = {
    "an unknown key": (
        pd.DataFrame({"id": [500, 4711], "bought": ["yes", "no"]}),
        r"1 of 2 outcomes are of keys that no stored row has, such as id = 4711",
    ),
    "two outcomes": (
        pd.DataFrame({"id": [500, 500], "bought": ["yes", "no"]}),
        r"id = 500 has 2 outcomes: 'yes', 'no'\. Each key has one",
    ),
    "no outcome of this model": (
        pd.DataFrame({"id": [500], "x": [0.5]}),
        r"lacks 4 of the 7 columns .* Outcomes alone come with the key \(id\) and 'bought'",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_outcomes_are_one_sentence_and_store_nothing(july: ForeignProject, case: str) -> None:
    frame, words = WRONG[case]
    before = raw_files(july)
    with pytest.raises(DataError, match=words) as raised:
        july.add("visits", write_csv(frame, july.root / "wrong.csv"))
    assert "\n" not in str(raised.value)
    assert raw_files(july) == before


def test_an_outcome_that_breaks_its_rule_is_rejected(july: ForeignProject) -> None:
    wrong = pd.DataFrame({"id": month("2024-07")["id"], "bought": "perhaps"})
    before = raw_files(july)
    with pytest.raises(DataError, match="contract would be broken"):
        july.add("visits", write_csv(wrong, july.root / "wrong.csv"))
    assert raw_files(july) == before
