"""Unchanged work is kept: what was made from the same inputs is read instead of made again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ml_platform.errors import DataError
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.artifact import ArtifactKey, Manifest
from ml_platform.stores.git import code_version
from ml_platform.stores.stores import Stores


@dataclass(frozen=True)
class StoredTable:
    """A table that a step has made, or kept because its inputs are unchanged."""

    manifest: Manifest
    frame: pd.DataFrame
    kept: bool


@dataclass(frozen=True)
class StoredDocument:
    """A document that a step has made, or kept because its inputs are unchanged."""

    manifest: Manifest
    document: dict[str, Any]
    kept: bool


def stored_table(
    stores: Stores,
    artifact: ArtifactKey,
    inputs: Mapping[str, str],
    make: Callable[[], pd.DataFrame],
    run: RunContext,
    *,
    relies_on: Mapping[str, str] | None = None,
) -> StoredTable:
    """Return the table that these inputs give: the stored one, or the one that is made and stored now."""
    if kept := stores.tables.read_made_from(artifact, inputs):
        run.log(f"{artifact}: inputs unchanged, kept")
        return StoredTable(*kept, kept=True)
    frame = make()
    manifest = stores.tables.write(artifact, frame, inputs=inputs, relies_on=relies_on, run_id=run.run_id)
    run.fresh.clear()
    return StoredTable(manifest, frame, kept=False)


def stored_document(
    stores: Stores,
    artifact: ArtifactKey,
    inputs: Mapping[str, str],
    make: Callable[[], Mapping[str, Any]],
    run: RunContext,
    *,
    keep_if: Callable[[dict[str, Any]], bool] = lambda _: True,
) -> StoredDocument:
    """Return the document that these inputs give: the stored one, or the one that is made and stored now."""
    if kept := kept_document(stores, artifact, inputs, run, keep_if=keep_if):
        return kept
    document = dict(make())
    manifest = stores.documents.write(artifact, document, inputs=inputs, run_id=run.run_id)
    return StoredDocument(manifest, document, kept=False)


def kept_document(
    stores: Stores,
    artifact: ArtifactKey,
    inputs: Mapping[str, str],
    run: RunContext,
    *,
    keep_if: Callable[[dict[str, Any]], bool] = lambda _: True,
) -> StoredDocument | None:
    """Return the stored document if it is intact, made from exactly these inputs, and one to keep; else None."""
    try:
        manifest = stores.documents.manifest(artifact)
        if manifest is None or manifest.inputs != inputs:
            return None
        document = stores.documents.read_version(manifest)
    except DataError:
        return None  # making it again is the repair
    if not keep_if(document):
        return None
    run.log(f"{artifact}: inputs unchanged, kept")
    return StoredDocument(manifest, document, kept=True)


def definition_inputs(model: Model, *packages: str) -> dict[str, str]:
    """Return the version of the model's definition, and of the code of the stages that a step calls, as its inputs."""
    return {"definition": model.version, "code": code_version("pipeline", *packages)}
