"""``ml-platform fetch``: the raw data of the reference models, byte for byte what `dvc.lock` records."""

import hashlib
import io
from operator import methodcaller

import click
import pyarrow as pa
import pyarrow.parquet as pq

from ml_platform.cli.raw_tables import DATA_SETS, DataSet
from ml_platform.cli.sources import download
from ml_platform.cli.typed import say
from ml_platform.errors import DataError, NotStored
from ml_platform.stores.files import write_atomically
from ml_platform.stores.installation import Installation
from ml_platform.stores.raw import RawStore, file_name

ACCEPT = "If the change is wanted: ml-platform fetch {name} --accept, then dvc commit fetch_{name}."


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(DATA_SETS)), metavar="[flights|employment]...")
@click.option("--accept", is_flag=True, help="Write the files even where dvc.lock records others.")
def fetch(names: tuple[str, ...], accept: bool) -> None:
    """Download the raw data of the reference models into data/raw.

    Files that are there and as dvc.lock records them are left alone.
    """
    home = Installation.from_environment()
    store = RawStore(home.raw.as_uri(), home.dvc_lock)  # DVC's folder
    for name in names or DATA_SETS:
        fetch_data_set(name, store, accept=accept)


def fetch_data_set(name: str, store: RawStore, *, accept: bool = False) -> None:
    """Write the files of a data set, all or none; other ones than `dvc.lock` records only with `accept`."""
    data_set = DATA_SETS[name]
    if is_as_recorded(data_set, store):
        say(f"{name}: {len(data_set.files)} files are as dvc.lock records them")
        return
    say(f"{name}: downloading {data_set.package}")
    contents, differing = {}, []
    for table, partition, rows in data_set.tables(download(data_set.package)):
        content = contents[table, partition] = to_parquet(rows)
        say(f"{name}: {file_name(table, partition)}  {rows.num_rows:,} rows")
        md5, recorded = hashlib.md5(content, usedforsecurity=False).hexdigest(), store.recorded(table, partition)
        if recorded not in (None, md5):
            differing.append(f"{store.path(table, partition)}: MD5 {md5}, recorded {recorded}")
    if differing and not accept:
        raise DataError("\n".join(["These files are not what dvc.lock records:", *differing, ACCEPT.format(name=name)]))
    for file, content in contents.items():
        write_atomically(store.path(*file), methodcaller("write", content))
    say(f"{name}: FETCHED {len(contents)} files, {sum(map(len, contents.values())) / 1e6:.1f} MB")


def is_as_recorded(data_set: DataSet, store: RawStore) -> bool:
    """Return whether every file of a data set is there, and is the one that `dvc.lock` records."""
    try:
        return all(store.verify(table, partition).tracked for table, partition in data_set.files)
    except (DataError, NotStored):
        return False


def to_parquet(rows: pa.Table) -> bytes:
    """Return Parquet with page checksums. Zstandard, since Snappy's bytes depend on the processor."""
    handle = io.BytesIO()
    rows = rows.replace_schema_metadata(None).combine_chunks()
    pq.write_table(rows, handle, compression="zstd", write_page_checksum=True)
    return handle.getvalue()
