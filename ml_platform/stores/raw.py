"""Raw files, in the folder that DVC fills or in a bucket: which there are, and whether they are the recorded ones.

Every read verifies the file first. Readers such as Polars do not verify page checksums, but a flipped bit changes the
MD5 of a file, which is compared with DVC's record or, where there is none, with the validation of the file.
"""

import hashlib
import io
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa

from ml_platform.errors import DataError, NotStored
from ml_platform.frames import to_frame
from ml_platform.stores.dvc import md5_of, recorded_md5
from ml_platform.stores.objects import ObjectStore, StoredObject
from ml_platform.stores.parquet import from_parquet, to_parquet

REPAIR = "Fetch it again: make fetch. Or, if it was changed on purpose, record it: dvc commit."
"""For a file that DVC tracks."""

REPLACE = "Replace it by an intact copy"
"""For a file that DVC does not track."""

INDEX = re.compile(r"__index_level_\d+__")
"""Columns in which pandas writes an index without a name, such as that of a filtered frame. They are no data."""

SETTLED = timedelta(seconds=2)
"""A file written since then may change again without another time of modification, so its hash is not remembered."""


OBJECTS: dict[tuple[str, StoredObject], str] = {}
"""MD5 of objects that this process has downloaded. Sensors look at all of them, again and again."""


@dataclass(frozen=True)
class RawFile:
    """A file that is the recorded one, or of which there is no record."""

    where: str
    """Its path or URL."""
    md5: str
    """Its hash, as DVC computes it."""
    tracked: bool
    """Whether DVC records it; otherwise there was nothing to compare it with."""
    n_bytes: int


@dataclass(frozen=True)
class RawStore:
    """``<url>/<table>/<partition>.parquet``, or ``<url>/<table>.parquet`` for a table without partitions.

    A file is hashed once by one `RawStore`, and an object of a bucket once by a process, as long as its size, its time
    of modification and its e-tag stay.
    """

    url: str
    """A folder ``file:///…`` or a bucket ``s3://…``, ``gs://…``, ``az://…``."""
    lock_file: Path
    """DVC's record of the files of a folder; without it no file is tracked."""
    _files: dict[tuple[str, StoredObject], str] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def objects(self) -> ObjectStore:
        """The folder or bucket."""
        return ObjectStore(self.url)

    def where(self, table: str, partition: str | None) -> str:
        """Return the path or URL of a table's file, which need not exist."""
        return self.objects.where(file_name(table, partition))

    def path(self, table: str, partition: str | None) -> Path:
        """Return the path of a table's file, which need not exist, or raise DataError when they are in a bucket."""
        path = self.objects.local_path(file_name(table, partition))
        if path is None:
            raise DataError(f"{self.where(table, partition)} is no local file. Unset ML_PLATFORM_RAW_URL to write one")
        return path

    def exists(self, table: str, partition: str | None) -> bool:
        """Return whether there is a file."""
        return self.objects.head(file_name(table, partition)) is not None

    def partitions(self, table: str) -> list[str]:
        """Return the partitions that have a file, in order."""
        names = (one.key.removeprefix(f"{table}/") for one in self.objects.list(f"{table}/"))
        return [name.removesuffix(".parquet") for name in names if name.endswith(".parquet") and "/" not in name]

    def hash(self, table: str, partition: str | None) -> str:
        """Return the MD5 of a file as it is now: DVC's choice, against accidents and not against attackers."""
        found = self._existing(table, partition)
        path = self.objects.local_path(found.key)
        known = OBJECTS if path is None else self._files
        md5 = known.get((self.url, found))
        if md5 is None:
            md5 = _md5(self._bytes(found)) if path is None else md5_of(path)
            if found.modified_at < datetime.now(UTC) - SETTLED:
                known[self.url, found] = md5
        return md5

    def recorded(self, table: str, partition: str | None) -> str | None:
        """Return the MD5 that DVC records for a file, or None when it does not track it."""
        if self.objects.folder is None:
            return None
        return recorded_md5(self.path(table, partition), self.lock_file)

    def verify(self, table: str, partition: str | None) -> RawFile:
        """Return a file that is the one which DVC recorded, or which DVC does not track.

        Raises
        ------
        DataError
            When it is another one; names the file and both hashes.
        NotStored
            When there is no file.
        """
        found, md5 = self._existing(table, partition), self.hash(table, partition)
        where, expected = self.where(table, partition), self.recorded(table, partition)
        if expected not in (None, md5):
            raise DataError(
                f"{where} ({found.n_bytes:,} bytes) is not the file that DVC recorded: "
                f"MD5 {md5}, expected {expected}. {REPAIR}"
            )
        return RawFile(where, md5, expected is not None, found.n_bytes)

    def load(self, table: str, partition: str | None, *, verify: bool = True) -> pa.Table:
        """Return a file's rows as an Arrow table; with `verify`, only if it is the recorded file.

        DataError, which names the file and its size, is raised when it is not, or is truncated or damaged.
        """
        if verify:
            self.verify(table, partition)
        content, where = self._content(table, partition), self.where(table, partition)
        rows = from_parquet(content, where, repair=self._repair(table, partition))
        return rows.drop_columns([name for name in rows.column_names if INDEX.fullmatch(name)])

    def write(self, table: str, partition: str | None, rows: pa.Table) -> None:
        """Write a file, whole or not at all; what had this place is replaced."""
        self.objects.put(file_name(table, partition), to_parquet(rows.replace_schema_metadata(None)))

    def read(self, table: str, partition: str | None) -> pd.DataFrame:
        """Return a file's rows as a frame; raises as `load` does."""
        return to_frame(self.load(table, partition))

    def scan(self, table: str, partition: str | None) -> pl.LazyFrame:
        """Return a file's rows, of which a query reads only the columns that it needs; raises as `load` does."""
        self.verify(table, partition)
        local = self.objects.local_path(file_name(table, partition))
        rows = pl.scan_parquet(local or io.BytesIO(self._content(table, partition)))
        try:
            names = rows.collect_schema().names()
        except (pl.exceptions.PolarsError, OSError) as error:
            file = f"{self.where(table, partition)} ({self._existing(table, partition).n_bytes:,} bytes)"
            raise DataError(f"{file} cannot be read: {error}. {self._repair(table, partition)}") from error
        return rows.drop([name for name in names if INDEX.fullmatch(name)])

    def _content(self, table: str, partition: str | None) -> bytes:
        """Return the bytes of a file; those of an object have come over a network, and are held against its hash."""
        content = self._bytes(self._existing(table, partition))
        if self.objects.folder is None and _md5(content) != self.hash(table, partition):
            raise DataError(f"{self.where(table, partition)} changed while it was read. Run the same again")
        return content

    def _repair(self, table: str, partition: str | None) -> str:
        return REPLACE if self.recorded(table, partition) is None else REPAIR

    def _bytes(self, found: StoredObject) -> bytes:
        content = self.objects.get(found.key)
        if content is None:
            raise NotStored(f"{self.objects.where(found.key)} was removed while it was read")
        return content

    def _existing(self, table: str, partition: str | None) -> StoredObject:
        found = self.objects.head(file_name(table, partition))
        if found is None:
            there = ", ".join(self.partitions(table)) or "none"
            tracked = self.recorded(table, partition) is not None
            run = "Run: make fetch" if tracked else "Run: make fetch for a reference model, or put the file there"
            raise NotStored(
                f"{self.where(table, partition)} does not exist; partitions of '{table}' that do: {there}. {run}"
            )
        return found


def file_name(table: str, partition: str | None) -> str:
    """Return the name of a table's file below the store's URL."""
    return f"{table}.parquet" if partition is None else f"{table}/{partition}.parquet"


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
