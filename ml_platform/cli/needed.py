"""Whether all is there that a job needs, before it works for a minute to find out."""

from __future__ import annotations

from ml_platform.errors import NotStored
from ml_platform.pipeline.missing import TableFile, missing_files
from ml_platform.pipeline.model import Model
from ml_platform.stores.stores import Stores

OF_MODELS = ("train", "score")
"""Verbs that need MLflow."""

NAMED = 3
"""Files that are named; the others are counted."""


def require_stores(stores: Stores, verb: str) -> None:
    """Raise StoreUnavailable or RegistryUnavailable when a store does not answer that a verb needs."""
    stores.manifests.models()
    stores.objects.head("any")
    if verb in OF_MODELS:
        _ = stores.mlflow.client


def require_raw_files(model: Model, stores: Stores, verb: str, partition: str | None) -> None:
    """Raise NotStored, which names the files and the command that fetches them, when a job cannot but fail."""
    if missing := missing_files(model, stores, verb, partition):
        what = " ".join(filter(None, (f"{model.name}_{verb}", partition)))
        files, repair = named(stores, missing), advice(stores, missing)
        raise NotStored(f"{what} reads raw files that do not exist: {files}. {repair}")


def named(stores: Stores, files: list[TableFile]) -> str:
    """Return the paths or URLs of files, of which there may be many."""
    more = len(files) - NAMED
    return ", ".join(stores.raw.where(*file) for file in files[:NAMED]) + (f" and {more} more" if more > 0 else "")


def advice(stores: Stores, files: list[TableFile]) -> str:
    """Return what to do about missing files."""
    if stores.installation.raw_url == stores.installation.raw.as_uri():  # `fetch` fills this folder, and no bucket
        from ml_platform.cli.raw_tables import DATA_SETS

        names = [name for name, data_set in DATA_SETS.items() if set(files) & set(data_set.files)]
        if set(files) <= {file for name in names for file in DATA_SETS[name].files}:
            return f"Run: ml-platform fetch {' '.join(names)}"
    return "Put them there"
