"""One thing that is not as recorded, and what was made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from ml_platform.errors import DataError
from ml_platform.lineage.closure import downstream
from ml_platform.stores.artifact import Manifest
from ml_platform.stores.database.schema import manifests as table
from ml_platform.stores.ledger_entry import LedgerEntry
from ml_platform.stores.manifests import BACKUP, read_manifest
from ml_platform.stores.stores import Stores

MISSING = "missing"


@dataclass(frozen=True)
class Difference:
    """Something that is not what was recorded."""

    what: str
    """A file, an object, or a row of the database."""
    recorded: str
    found: str
    """Hashes, or in words what differs."""
    dependents: tuple[str, ...] = ()
    """What was made from it: artifacts with their version, and model versions."""
    run: str = BACKUP
    """What to do."""


@dataclass(frozen=True)
class Check:
    """One thing, or a few that belong together, to be hashed again."""

    name: str
    differences: Callable[[], Iterable[Difference]]


def shown(manifest: Manifest) -> str:
    """Return artifact and short version."""
    return f"{manifest.artifact} {manifest.version[:12]}"


@dataclass(frozen=True)
class History:
    """Every manifest of a model that can be read."""

    stores: Stores
    model: str

    @cached_property
    def rows(self) -> Sequence[sa.Row[Any]]:
        """The rows of the manifests, the oldest first, also of those that cannot be read."""
        return self.stores.manifests.rows(table.c.model == self.model)

    @cached_property
    def manifests(self) -> Mapping[str, Manifest]:
        """The manifests, by id, the oldest first."""
        found = {}
        for row in self.rows:
            with suppress(DataError):  # a difference of its own
                found[row.id] = read_manifest(row, self.stores.database)
        return found

    @cached_property
    def entries(self) -> tuple[LedgerEntry, ...]:
        """The ledger's entries; none when it is damaged, which is a difference of its own."""
        try:
            return self.stores.ledger(self.model).entries()
        except DataError:
            return ()

    def dependents(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return what was made from manifests, the manifests themselves left out."""
        starts = set(ids)
        reached = set(downstream(self.stores.database, starts)) - starts
        made = {shown(self.manifests[name]) for name in reached if name in self.manifests}
        models = [entry for entry in self.entries if entry.candidate in reached and entry.version is not None]
        scored = [self.scored_by(entry.onnx_sha256) for entry in models]
        versions = {f"model '{self.model}' version {entry.version}" for entry in models}
        return tuple(sorted(versions.union(made, *scored)))

    def scored_by(self, onnx_sha256: str) -> set[str]:
        """Return the predictions that a model has made."""
        return {shown(m) for m in self.manifests.values() if m.inputs.get("model") == onnx_sha256}
