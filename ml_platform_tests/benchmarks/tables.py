"""Versioned tables: ours (Parquet files, and their manifests in SQLite) against Delta Lake.

Two tables: the flights of 2013 in 12 monthly partitions (336,776 rows, 20 columns), and 1 M rows of 20 columns (15 of
floats, 5 of strings) in 4. Each store writes all partitions, overwrites one of them in which one value has changed,
reads the whole table, one partition, and that partition as it was before. Ours also fingerprints every column, syncs to
disk, and verifies page checksums on each read, which Delta Lake does not. Both compress with zstd; a figure is the best
of a few runs in turn. Then single bits are flipped, at places drawn by a seed, in the file of one partition, and what
the read gives is counted.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa

from ml_platform.errors import DataError
from ml_platform.stores.artifact import ArtifactKey, Manifest
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores

RAW = Path(__file__).parents[2] / "data" / "raw" / "flights"
SEED = 2013
RUNS = 3
FLIPS = 100

MEANINGS = {
    "delta_to_ours": "seconds of Delta Lake divided by ours: above 1, ours is faster",
    "read_before": "the partition as it was before it was overwritten (Delta Lake: time travel)",
    "silent": "reads that gave other values than were written, without an error",
}

Tables = Mapping[str, pd.DataFrame]


class Store(Protocol):
    """What is measured of both."""

    folder: Path

    def write(self, key: str, frame: pd.DataFrame) -> None: ...
    def read(self, key: str) -> pd.DataFrame: ...
    def read_all(self) -> pd.DataFrame: ...
    def read_before(self, key: str) -> pd.DataFrame: ...
    def file(self, key: str) -> Path: ...


class Ours:
    """The platform's table store; before an overwrite its manifest is noted, as a candidate notes it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.store = Stores(Installation(folder, "")).tables
        self.before: dict[str, Manifest] = {}

    def write(self, key: str, frame: pd.DataFrame) -> None:
        manifest = self.store.manifest(_artifact(key))
        if manifest is not None:
            self.before[key] = manifest
        self.store.write(_artifact(key), frame)

    def read(self, key: str) -> pd.DataFrame:
        return self.store.read(_artifact(key))

    def read_all(self) -> pd.DataFrame:
        keys = self.store.partitions("bench", "features")
        return pd.concat([self.read(key) for key in keys], ignore_index=True)

    def read_before(self, key: str) -> pd.DataFrame:
        return self.store.read_version(self.before[key])

    def file(self, key: str) -> Path:
        return Path(self.store.where(_artifact(key), self.store.require(_artifact(key)).version))


class Delta:
    """A Delta Lake table partitioned by a column; a partition is replaced by a predicate."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.before: dict[str, int] = {}

    def write(self, key: str, frame: pd.DataFrame) -> None:
        from deltalake import DeltaTable, WriterProperties, write_deltalake

        exists = (self.folder / "_delta_log").exists()
        if exists:
            self.before[key] = DeltaTable(self.folder).version()
        table = pa.Table.from_pandas(frame.assign(partition=key), preserve_index=False)
        write_deltalake(
            self.folder,
            table,
            mode="overwrite",
            partition_by=["partition"],
            predicate=f"partition = '{key}'" if exists else None,
            writer_properties=WriterProperties(compression="ZSTD"),
        )

    def read(self, key: str) -> pd.DataFrame:
        return self._read(None, [("partition", "=", key)])

    def read_all(self) -> pd.DataFrame:
        return self._read(None, None)

    def read_before(self, key: str) -> pd.DataFrame:
        return self._read(self.before[key], [("partition", "=", key)])

    def file(self, key: str) -> Path:
        from deltalake import DeltaTable

        (uri,) = DeltaTable(self.folder).file_uris([("partition", "=", key)])
        return Path(uri.removeprefix("file://"))

    def _read(self, version: int | None, partitions: list[tuple[str, str, Any]] | None) -> pd.DataFrame:
        from deltalake import DeltaTable

        return DeltaTable(self.folder, version=version).to_pandas(partitions=partitions).drop(columns="partition")


STORES: dict[str, Callable[[Path], Store]] = {"ours": Ours, "delta": Delta}


@dataclass(frozen=True)
class Flips:
    """How many of the reads after a flipped bit ended how."""

    error: int
    silent: int
    same: int


def measure(*, quick: bool = False) -> dict[str, Any]:
    """Return seconds, megabytes and outcomes of flipped bits for both stores, and their ratios."""
    tables = {"flights": flights(quick), "synthetic": synthetic(20_000 if quick else 1_000_000)}
    seconds, disk = [], []
    for name, partitions in tables.items():
        runs = [measure_once(partitions) for _ in range(1 if quick else RUNS)]
        best = {who: {what: min(run[who][what] for run in runs) for what in runs[0][who]} for who in STORES}
        for what, ours in best["ours"].items():
            row = {"table": name, "what": what, "ours": ours, "delta": best["delta"][what]}
            (disk if what.endswith("megabytes") else seconds).append({**row, "delta_to_ours": row["delta"] / ours})
    flips = {who: vars(flip_bits(who, tables["flights"], 5 if quick else FLIPS)) for who in STORES}
    return {"seconds": seconds, "disk": disk, "flipped_bits": flips}


def flights(quick: bool) -> Tables:
    """Return the months of 2013."""
    files = sorted(RAW.glob("2013-*.parquet"))[: 2 if quick else 12]
    return {file.stem: pd.read_parquet(file) for file in files}


def synthetic(n_rows: int) -> Tables:
    """Return 15 columns of floats and 5 of strings in 4 partitions."""
    rng = np.random.default_rng(SEED)
    words = np.array([f"value {letter}" for letter in "abcdefghijkl"])
    return {
        key: pd.DataFrame(
            {f"float_{i:02}": rng.normal(size=n_rows // 4) for i in range(15)}
            | {f"string_{i}": rng.choice(words, size=n_rows // 4) for i in range(5)}
        )
        for key in ("a", "b", "c", "d")
    }


def measure_once(tables: Tables) -> dict[str, dict[str, float]]:
    """Let each store do everything once, on a fresh folder."""
    found = {}
    for who, make in STORES.items():
        with tempfile.TemporaryDirectory() as folder:
            found[who] = measure_store(make(Path(folder) / "table"), tables)
    return found


def measure_store(store: Store, tables: Tables) -> dict[str, float]:
    """Return seconds of each operation, and megabytes before and after the overwrite."""
    key, before = next(iter(tables.items()))
    changed = before.copy()
    changed.iloc[5, changed.columns.get_loc(changed.select_dtypes("number").columns[0])] = 1
    figures = {"write_all": timed(lambda: [store.write(name, frame) for name, frame in tables.items()])}
    megabytes = size_mb(store.folder)
    figures |= {
        "overwrite_one": timed(lambda: store.write(key, changed)),
        "read_all": timed(store.read_all),
        "read_one": timed(lambda: store.read(key)),
        "read_before": timed(lambda: store.read_before(key)),
    }
    pd.testing.assert_frame_equal(store.read_before(key), before, check_dtype=False)
    pd.testing.assert_frame_equal(store.read(key), changed, check_dtype=False)
    return figures | {"written_megabytes": megabytes, "overwritten_megabytes": size_mb(store.folder)}


def flip_bits(who: str, tables: Tables, n: int) -> Flips:
    """Flip one bit at a time in a partition's file, and read it."""
    key, frame = next(iter(tables.items()))
    outcomes = {"error": 0, "silent": 0, "same": 0}
    rng = np.random.default_rng(SEED)
    with tempfile.TemporaryDirectory() as folder:
        store = STORES[who](Path(folder) / "table")
        store.write(key, frame)
        file = store.file(key)
        intact = file.read_bytes()
        for place, bit in zip(rng.integers(0, len(intact), n), rng.integers(0, 8, n), strict=True):
            damaged = bytearray(intact)
            damaged[place] ^= 1 << bit
            file.write_bytes(damaged)
            outcomes[_outcome(store, key, frame)] += 1
        shutil.rmtree(store.folder)
    return Flips(**outcomes)


def _outcome(store: Store, key: str, frame: pd.DataFrame) -> str:
    try:
        found = store.read(key)
        pd.testing.assert_frame_equal(found, frame, check_dtype=False)
    except AssertionError:
        return "silent"
    except (DataError, OSError, ValueError, pa.ArrowException):
        return "error"
    return "same"


def timed(work: Callable[[], Any]) -> float:
    """Return seconds."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def size_mb(folder: Path) -> float:
    """Return the size of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def _artifact(key: str) -> ArtifactKey:
    return ArtifactKey("bench", "features", key)
