"""What the UI shows of a table: its first rows, and a line per column."""

import pandas as pd

from ml_platform.orchestration.table_metadata import preview, share_missing, summary

FRAME = pd.DataFrame({"n": [1.0, 2.0, None, 1000.0], "c": ["a", "a", "b", None], "e": [None] * 4})


def test_each_column_is_summed_up_in_a_line() -> None:
    lines = summary(FRAME).value.splitlines()
    assert lines[2] == "| n | 25.0% | 3 | 1 … 2 … 1,000 |"
    assert lines[3] == "| c | 25.0% | 2 | a (67%) |"
    assert lines[4] == "| e | 100.0% | 0 | nothing |"


def test_missing_values_are_shown_empty() -> None:
    lines = preview(FRAME).value.splitlines()
    assert len(lines) == 2 + 4
    assert lines[4] == "|  | b |  |"


def test_of_a_hidden_column_no_value_is_shown() -> None:
    assert "| c | 25.0% | 2 | personal |" in summary(FRAME, ["c"]).value
    lines = preview(FRAME, ["c", "not there"]).value.splitlines()
    first, second, third = (line.split(" | ")[1] for line in lines[2:5])
    assert first == second != third
    assert first.startswith("#")


def test_missing_values_are_counted_over_the_whole_table() -> None:
    assert share_missing(FRAME) == 6 / 12
    assert share_missing(FRAME.head(0)) == 0.0
