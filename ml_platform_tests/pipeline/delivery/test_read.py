"""What is no delivery of the model is one sentence that names file, column and values, and nothing is stored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ml_platform.errors import PlatformError
from ml_platform_tests.pipeline.delivery.visits import month, raw_files, visits, write_csv
from ml_platform_tests.scaffold.project import ForeignProject

# Great Expectations imports modules of the standard library that are on their way out
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")

JULY = month("2024-07")


def other_model(folder: Path) -> Path:
    pd.DataFrame({name: [1, 2] for name in ("temp", "dewp", "humid", "id")}).to_csv(folder / "w.csv", sep=";")
    return folder / "w.csv"


def mixed(folder: Path) -> Path:
    (folder / "mixed").mkdir()
    write_csv(JULY[:40], folder / "mixed" / "a.csv")
    write_csv(JULY[40:].drop(columns="bought"), folder / "mixed" / "b.csv")
    return folder / "mixed"


def text(content: str, name: str = "next.csv") -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_text(content, encoding="utf-8")
        return folder / name

    return write


def changed(**columns: object) -> Callable[[Path], Path]:
    return lambda folder: write_csv(JULY.assign(**columns), folder / "next.csv")


def parquet(**columns: object) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        JULY.assign(**columns).to_parquet(folder / "next.parquet")
        return folder / "next.parquet"

    return write


HEADER = "id;at;x;n;day;kind;bought\n"
WRONG: dict[str, tuple[Callable[[Path], Path], str]] = {
    "no file": (lambda folder: folder / "none.csv", r"none\.csv does not exist"),
    "an empty file": (text(""), r"next\.csv is empty"),
    "a header alone": (text(HEADER), "has a header of 7 columns and no rows"),
    "an empty folder": (lambda folder: folder / "shop", "holds no file"),
    "another delimiter": (text(HEADER.replace(";", ",") + "1,2,3,4,5,6,7\n"), r"no column ends with ';'.* have ','"),
    "another model's": (other_model, r"no file of table 'visits': it lacks 6 of 7 columns"),
    "mixed columns": (mixed, r"mixed mixes tables: a\.csv has column 'bought', and b\.csv has not"),
    "a column too many": (changed(extra=1), r"column 'extra' is not in contract\.yaml\. .*delivery\.ignore"),
    "a column too few": (lambda f: write_csv(JULY.drop(columns="x"), f / "n.csv"), r"lacks 1 of the 7 columns .* 'x'"),
    "a misspelt column": (lambda f: write_csv(JULY.rename(columns={"kind": "kinds"}), f / "n.csv"), "mean 'kind'"),
    "words for numbers": (changed(x="much"), r"column 'x': 82 of 82 values are no number: 'much' \(line 2\)"),
    "a fraction": (changed(n=1.5), r"column 'n': 82 of 82 values are no integer: '1,5' \(line 2\)"),
    "fractions in Parquet": (parquet(n=[1.5] + [1.0] * 81), r"column 'n': 1 of 82 values are not an integer: 1\.5"),
    "a time of day": (parquet(day=JULY["at"]), r"column 'day': \d+ of 82 values are not a date: 2024-07-"),
    "a key twice": (changed(id=7), r"1 keys are there more than once, such as id = 7"),
    "no time": (changed(at=None), r"column 'at' .* is missing in 82 of 82 rows, so there is no partition"),
    "before the first": (changed(at=pd.Timestamp("2023-12-31")), r"82 rows: 2023-12 lies before the first partition"),
    "no JSON": (text("{]\n", "next.jsonl"), r"next\.jsonl, line 1: is not JSON"),
    "JSON of another form": (text("[1]\n", "next.jsonl"), "holds a list; JSON lines have one object per line"),
    "JSON of two types": (text('{"id": 1}\n{"id": "a"}\n', "next.jsonl"), "its values are not of one type"),
    "Parquet that is none": (text("PAR1", "next.parquet"), r"next\.parquet \(4 bytes\) cannot be read"),
}


@pytest.mark.parametrize("case", WRONG)
def test_it_is_rejected_in_one_sentence_and_nothing_is_stored(keyed: ForeignProject, case: str) -> None:
    write, words = WRONG[case]
    before = raw_files(keyed)
    with pytest.raises(PlatformError, match=words) as raised:
        keyed.add("visits", write(keyed.root))
    assert "\n" not in str(raised.value)
    assert raw_files(keyed) == before


def test_a_row_after_the_last_partition_is_rejected_by_its_name(keyed: ForeignProject) -> None:
    yaml = keyed.defs / "visits" / "defs.yaml"
    text = yaml.read_text(encoding="utf-8")
    yaml.write_text(text.replace('start: "2024-01"', 'start: "2024-01"\n    end: "2024-07"'), encoding="utf-8")
    with pytest.raises(PlatformError, match=r"82 rows: 2024-07 lies after the last partition, 2024-06"):
        keyed.add("visits", write_csv(JULY, keyed.root / "july.csv"))


def test_names_in_the_file_and_columns_that_are_not_in_the_table_are_remembered(
    keyed: ForeignProject, tmp_path: Path
) -> None:
    frame = visits().rename(columns={"x": "the.x"}).assign(empty=None)
    frame[:480].to_csv(tmp_path / "a.csv", index=False)
    keyed.new("others", tmp_path / "a.csv", "bought", time="at")
    JULY.rename(columns={"x": "the.x"}).assign(empty="now").to_csv(tmp_path / "b.csv", index=False)
    assert all("new" in line for line in keyed.add("others", tmp_path / "b.csv"))
