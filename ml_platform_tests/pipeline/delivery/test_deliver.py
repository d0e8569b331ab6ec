"""A delivery is validated as a whole and stored as a whole; the same one twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from ml_platform.errors import DataError
from ml_platform.stores.raw import RawStore
from ml_platform_tests.pipeline.delivery.visits import month, raw_files, stored, write_csv
from ml_platform_tests.scaffold.project import ForeignProject

# Great Expectations imports modules of the standard library that are on their way out
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")


def write_parquet(frame: pd.DataFrame, file: Path) -> Path:
    """Write what pandas makes of a CSV file: floats for whole numbers, nanoseconds, dates as timestamps."""
    read = frame.assign(id=frame["id"].astype(float), n=frame["n"].astype("Float64").astype(float))
    read["day"] = pd.to_datetime(read["day"]).astype("datetime64[ns]")
    read.assign(at=read["at"].astype("datetime64[ns]"), kind=read["kind"].astype("category")).to_parquet(file)
    return file


def write_json(frame: pd.DataFrame, file: Path) -> Path:
    text = frame.assign(at=frame["at"].astype(str), day=frame["day"].astype(str))
    text.to_json(file, orient="records", lines=True)
    return file


FORMATS: dict[str, tuple[Callable[[pd.DataFrame, Path], Path], str]] = {
    "CSV": (write_csv, "next.csv"),
    "Parquet": (write_parquet, "next.parquet"),
    "JSON lines": (write_json, "next.jsonl"),
}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_month_is_stored_as_it_would_have_been_with_the_first_file(keyed: ForeignProject, kind: str) -> None:
    write, name = FORMATS[kind]
    assert keyed.add("visits", write(month("2024-07"), keyed.root / name)) == [
        "2024-07: 82 new of 82 rows; the contract is kept"
    ]
    first, july = stored(keyed, "2024-06"), stored(keyed, "2024-07")
    assert list(july.dtypes) == list(first.dtypes)
    pd.testing.assert_frame_equal(july, month("2024-07"), check_dtype=False)


def test_the_same_rows_again_change_nothing_in_whatever_format(keyed: ForeignProject) -> None:
    for write, name in FORMATS.values():
        write(pd.concat([month("2024-06"), month("2024-07")]), keyed.root / name)
    keyed.add("visits", keyed.root / "next.csv")
    before = raw_files(keyed)
    for _, name in FORMATS.values():
        assert keyed.add("visits", keyed.root / name) == ["2024-06: nothing new", "2024-07: nothing new"]
    assert raw_files(keyed) == before


def test_a_folder_or_a_pattern_is_one_delivery(keyed: ForeignProject) -> None:
    (keyed.root / "second").mkdir()
    for key in ("2024-07", "2024-08"):
        write_csv(month(key), keyed.root / "second" / f"{key}.csv")
    assert len(keyed.add("visits", keyed.root / "second")) == 2
    assert keyed.add("visits", keyed.root / "second" / "2024-*.csv") == [f"2024-0{n}: nothing new" for n in (7, 8)]


def test_later_rows_of_a_month_are_appended_and_rows_of_a_known_key_corrected(keyed: ForeignProject) -> None:
    july = month("2024-07")
    keyed.add("visits", write_csv(july[:60], keyed.root / "a.csv"))
    corrected = july[50:].assign(x=lambda rows: rows["x"].where(rows["id"] != july["id"][55], 0.5))
    told = keyed.add("visits", write_csv(corrected, keyed.root / "b.csv"))
    assert told == ["2024-07: 22 new, 1 corrected of 82 rows; the contract is kept"]
    july.loc[55, "x"] = 0.5
    pd.testing.assert_frame_equal(stored(keyed, "2024-07"), july, check_dtype=False)


def test_with_replace_a_delivery_is_all_of_its_partition(keyed: ForeignProject) -> None:
    july = month("2024-07")
    keyed.add("visits", write_csv(july, keyed.root / "a.csv"))
    told = keyed.add("visits", write_csv(july[:70], keyed.root / "b.csv"), replace=True)
    assert told == ["2024-07: 12 removed of 70 rows; the contract is kept"]
    assert len(stored(keyed, "2024-07")) == 70


def test_one_broken_partition_keeps_all_from_being_stored(keyed: ForeignProject) -> None:
    frame = pd.concat([month("2024-07"), month("2024-08").assign(x=7.0)])
    before = raw_files(keyed)
    with pytest.raises(DataError, match=r"bad\.csv: nothing is stored, since the contract would be broken in 2024-08$"):
        keyed.add("visits", write_csv(frame, keyed.root / "bad.csv"))
    assert raw_files(keyed) == before


@pytest.mark.parametrize("kind", ["keyed", "numbered"])
def test_a_killed_delivery_is_completed_by_the_same_again(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    project: ForeignProject = request.getfixturevalue(kind)
    rows = pd.concat([month("2024-07"), month("2024-08")])
    file = write_csv(rows if kind == "keyed" else rows.drop(columns="id"), project.root / "next.csv")
    write = RawStore.write

    def die(store: RawStore, table: str, partition: str | None, rows: pa.Table) -> None:
        if partition == "2024-08":
            raise KeyboardInterrupt
        write(store, table, partition, rows)

    monkeypatch.setattr(RawStore, "write", die)
    with pytest.raises(KeyboardInterrupt):
        project.add("visits", file)
    monkeypatch.undo()
    told = project.add("visits", file)
    assert told == ["2024-07: nothing new", "2024-08: 83 new of 83 rows; the contract is kept"]
    numbers = pd.concat([stored(project, f"2024-0{n}").iloc[:, 0 if kind == "keyed" else -1] for n in range(1, 9)])
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


def test_rows_without_a_key_go_on_being_numbered(numbered: ForeignProject) -> None:
    for n, key in enumerate(("2024-07", "2024-08")):
        numbered.add("visits", write_csv(month(key).drop(columns="id"), numbered.root / f"{n}.csv"))
    numbers = pd.concat([stored(numbered, f"2024-0{n}")["row_number"] for n in range(1, 9)])
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    again = write_csv(month("2024-07").drop(columns="id"), numbered.root / "0.csv")
    assert numbered.add("visits", again) == ["2024-07: nothing new"]


def test_rows_without_a_key_that_come_again_with_corrections_replace_their_partition(numbered: ForeignProject) -> None:
    july = month("2024-07").drop(columns="id")
    numbered.add("visits", write_csv(july, numbered.root / "a.csv"))
    before = stored(numbered, "2024-07")
    july.loc[3, "x"] = 0.25
    told = numbered.add("visits", write_csv(july[:80], numbered.root / "b.csv"))
    assert told == ["2024-07: 1 new, 3 removed of 80 rows; the contract is kept"]
    after = stored(numbered, "2024-07")
    assert after["row_number"].drop(3).tolist() == before["row_number"][:80].drop(3).tolist()
    assert after["x"][3] == 0.25


def test_the_newest_month_may_have_few_rows_while_the_rest_may_follow(keyed: ForeignProject) -> None:
    july = month("2024-07")
    for rows, told in ((july[:5], "it is scored when its other rows are there"), (july[5:], "the contract is kept")):
        (line,) = keyed.add("visits", write_csv(rows, keyed.root / "part.csv"))
        assert line.endswith(told)
    for few in (july[::20], month("2024-03")[:2]):
        with pytest.raises(DataError, match="nothing is stored"):
            keyed.add("visits", write_csv(few, keyed.root / "few.csv"), replace=True)


def test_a_month_that_is_not_over_is_stored_and_waits(keyed: ForeignProject) -> None:
    file = write_csv(month("2024-07"), keyed.root / "july.csv")
    told = keyed.add("visits", file, now=datetime(2024, 7, 31, tzinfo=UTC))
    assert told == ["2024-07: 82 new of 82 rows; it is scored when its other rows are there"]
