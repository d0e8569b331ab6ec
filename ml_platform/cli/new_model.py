"""Put a new model in place: its two files and its raw data, all or nothing."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from ml_platform.cli.fetch import to_parquet
from ml_platform.contract import load_contract
from ml_platform.errors import WrongCall
from ml_platform.spec import load_spec
from ml_platform.stores.raw import RawStore


def validate_new(name: str, folder: Path, store: RawStore, *, force: bool) -> None:
    """Raise when a model or a raw table of this name exists, unless `force` is set."""
    there = [path for path in (folder, *_raw_paths(store, name)) if path.exists()]
    if there and not force:
        paths, verb = ", ".join(map(str, there)), "is" if len(there) == 1 else "are"
        raise WrongCall(f"{paths} {verb} there already. Choose another name, or replace: --force")


def put_in_place(
    name: str, folder: Path, texts: Mapping[str, str], tables: Mapping[str | None, pa.Table], store: RawStore
) -> list[Path]:
    """Write the model's files and its raw data, replacing what is there, and return the raw files.

    Everything is written beside its place and read back, then moved. On an error, what was there comes back.
    """
    with _beside(folder) as new_folder, _beside(_raw_paths(store, name)[1]) as new_raw:
        for file, text in texts.items():
            (new_folder / file).write_text(text, encoding="utf-8")
        load_contract(new_folder / load_spec(new_folder).entity.contract)
        staged = RawStore(new_raw.as_uri(), store.lock_file)
        for partition, rows in tables.items():
            path = staged.path(name, partition)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(to_parquet(rows))
        whole, cut = _raw_paths(store, name)
        moves = {folder: new_folder, whole: new_raw / whole.name, cut: new_raw / cut.name}
        _move(moves, keep=new_raw / "before")
    return [store.path(name, partition) for partition in tables]


def _raw_paths(store: RawStore, name: str) -> tuple[Path, Path]:
    """Return the file of a whole table, and the folder of one that is cut."""
    whole = store.path(name, None)
    return whole, whole.with_suffix("")


def _move(moves: Mapping[Path, Path], keep: Path) -> None:
    """Move each new path to its place, clear places that get none; on an error all is as before."""
    keep.mkdir()
    before: dict[Path, Path] = {}
    placed: list[Path] = []
    try:
        for place, new in moves.items():
            if place.exists():
                before[place] = keep / str(len(before))
                shutil.move(place, before[place])
            if new.exists():
                shutil.move(new, place)
                placed.append(place)
    except BaseException:
        for place in placed:
            shutil.rmtree(place) if place.is_dir() else place.unlink()
        for place, old in before.items():
            shutil.move(old, place)
        raise


@contextmanager
def _beside(place: Path) -> Iterator[Path]:
    """Yield a folder on the same disk as a place, which is gone afterwards."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{place.name}.", dir=place.parent, ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)
