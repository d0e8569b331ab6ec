"""What the UI shows of a table: its first rows, and a line per column."""

import pandas as pd

from ml_platform.orchestration.table_metadata import preview, summary

FRAME = pd.DataFrame({"n": [1.0, 2.0, None, 1000.0], "c": ["a", "a", "b", None], "e": [None] * 4})


def test_each_column_is_summed_up_in_a_line() -> None:
    lines = summary(FRAME).value.splitlines()
    assert lines[2] == "| n | 25.0% | 3 | 1 … 2 … 1,000 |"
    assert lines[3] == "| c | 25.0% | 2 | a (67%) |"
    assert lines[4] == "| e | 100.0% | 0 | nothing |"


def test_missing_values_are_shown_empty() -> None:
    lines = preview(FRAME, 3).value.splitlines()
    assert len(lines) == 2 + 3
    assert lines[4] == "|  | b |  |"
