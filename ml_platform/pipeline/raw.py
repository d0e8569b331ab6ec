"""Raw files: recorded when they are taken in, and compared with that record later."""

from dataclasses import dataclass

import pandas as pd

from ml_platform.errors import DataError
from ml_platform.frames import to_frame
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.stored import stored_document
from ml_platform.stores.artifact import ArtifactKey, Manifest
from ml_platform.stores.parquet import compare_fingerprints, fingerprint
from ml_platform.stores.raw import RawFile
from ml_platform.stores.stores import Stores


@dataclass(frozen=True)
class RecordedFile:
    """A raw file whose hash was verified, and its rows."""

    file: RawFile
    manifest: Manifest
    frame: pd.DataFrame


@dataclass(frozen=True)
class Comparison:
    """Whether stored data are what was recorded, and the differences in words."""

    intact: bool
    message: str


def record_raw_file(
    model: Model, stores: Stores, partition: str | None, run: RunContext, *, table: str
) -> RecordedFile:
    """Verify a raw file, and record the digest of each column so that a later change can be named."""
    artifact = model.table_artifact("raw", table, partition)
    file = stores.raw.verify(table, artifact.partition)
    content = stores.raw.load(table, artifact.partition)
    manifest = Manifest(artifact=str(artifact), version=file.md5, n_rows=content.num_rows, columns=fingerprint(content))
    document = manifest.model_dump(mode="json")
    stored_document(stores, artifact, {}, lambda: document, run, keep_if=lambda stored: stored == document)
    return RecordedFile(file, manifest, to_frame(content))


def compare_raw_file(model: Model, stores: Stores, partition: str | None, *, table: str) -> Comparison:
    """Compare a raw file with DVC's record and with the file that was taken in."""
    artifact = model.table_artifact("raw", table, partition)
    recorded = Manifest.model_validate(stores.documents.read(artifact))
    where = stores.raw.where(table, artifact.partition)
    try:
        md5 = stores.raw.verify(table, artifact.partition).md5
        changed = f"{where} has MD5 {md5}, but {recorded.version} was materialized"
    except DataError as error:
        md5, changed = "", str(error)
    if md5 == recorded.version:
        return Comparison(True, f"{where}: {recorded.n_rows:,} rows, MD5 {recorded.version}")
    content = stores.raw.load(table, artifact.partition, verify=False)
    lines = compare_fingerprints(recorded.columns, fingerprint(content), recorded.n_rows, content.num_rows)
    return Comparison(False, "; ".join([changed, *lines]))


def compare_table(stores: Stores, artifact: ArtifactKey) -> Comparison:
    """Compare a stored table with its manifest, column by column."""
    manifest = stores.tables.require(artifact)
    lines = stores.tables.differences(manifest)
    message = "; ".join(lines) or f"{manifest.n_rows:,} rows, {len(manifest.columns)} columns as recorded"
    return Comparison(not lines, f"{stores.tables.where(artifact, manifest.version)}: {message}")
