"""Source files under ``data/raw``: which there are, and whether they are the ones that DVC recorded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ml_platform.errors import DataError, NotStored
from ml_platform.stores.dvc import md5_of

if TYPE_CHECKING:
    import pandas as pd

REPAIR = "Fetch it again: make fetch. Or, if it was changed on purpose, record it: dvc commit."


@dataclass(frozen=True)
class RawFile:
    """A file whose hash has been held against `dvc.lock`.

    Attributes
    ----------
    md5
        Its hash, as DVC computes it.
    tracked
        Whether DVC records it; otherwise there was nothing to hold it against.
    """

    path: Path
    md5: str
    tracked: bool
    n_bytes: int


@dataclass(frozen=True)
class RawStore:
    """``<root>/<table>/<partition>.parquet``, or ``<root>/<table>.parquet`` for a table without partitions."""

    root: Path
    lock_file: Path
    """DVC's record of each file's hash; without it no file is tracked."""

    def path(self, table: str, partition: str | None) -> Path:
        """Return where a table's file is, or would be."""
        return self.root / f"{table}.parquet" if partition is None else self.root / table / f"{partition}.parquet"

    def partitions(self, table: str) -> list[str]:
        """Return the partitions that have a file, in order."""
        return sorted(file.stem for file in (self.root / table).glob("*.parquet"))

    def hash(self, table: str, partition: str | None) -> str:
        """Return the MD5 of a file as it is now: DVC's choice, against accidents and not against attackers."""
        return md5_of(self._existing(table, partition))

    def verify(self, table: str, partition: str | None) -> RawFile:
        """Return a file that is the one which DVC recorded, or which DVC does not track.

        Raises
        ------
        DataError
            When it is another one; names the file and both hashes.
        NotStored
            When there is no file.
        """
        path, found = self._existing(table, partition), self.hash(table, partition)
        expected = self.recorded(path)
        if expected not in (None, found):
            raise DataError(f"{path} is not the file that DVC recorded: MD5 {found}, expected {expected}. {REPAIR}")
        return RawFile(path, found, expected is not None, path.stat().st_size)

    def recorded(self, path: Path) -> str | None:
        """Return the MD5 that DVC records for a file, or None when it does not track it."""
        if not self.lock_file.is_file():
            return None
        return _read_lock(self.lock_file, self.lock_file.stat().st_mtime_ns).get(path.resolve())

    def read(self, table: str, partition: str | None) -> pd.DataFrame:
        """Return a file's rows.

        Raises
        ------
        DataError
            When it is truncated or damaged; names the file and its size.
        NotStored
            When there is no file.
        """
        from ml_platform.stores.parquet import load_parquet

        frame: pd.DataFrame = load_parquet(self._existing(table, partition), repair=REPAIR).to_pandas()
        return frame

    def _existing(self, table: str, partition: str | None) -> Path:
        path = self.path(table, partition)
        if not path.is_file():
            there = ", ".join(self.partitions(table)) or "none"
            raise NotStored(f"{path} does not exist; partitions of '{table}' that do: {there}. Run: make fetch")
        return path


@lru_cache(maxsize=8)
def _read_lock(lock_file: Path, _changed_at: int) -> dict[Path, str]:
    """Return the recorded MD5 of each output; read once per change of the file."""
    import yaml

    document = yaml.safe_load(lock_file.read_text(encoding="utf-8")) or {}
    folder = lock_file.parent.resolve()
    stages = document.get("stages", {}).values()
    return {
        (folder / out["path"]).resolve(): out["md5"]
        for stage in stages
        for out in stage.get("outs", ())
        if "md5" in out
    }
