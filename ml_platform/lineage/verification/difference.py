"""One thing that is not as recorded, and what was made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ml_platform.errors import DataError
from ml_platform.lineage.partition import touched
from ml_platform.stores.artifact import Manifest
from ml_platform.stores.ledger import LedgerEntry
from ml_platform.stores.records import is_intact, read_record
from ml_platform.stores.stores import Stores

MISSING = "missing"


@dataclass(frozen=True)
class Difference:
    """A file that is not what was recorded.

    Attributes
    ----------
    recorded, found
        Hashes, or in words what differs.
    dependents
        What was made from it: artifacts with their version, and model versions.
    run
        What to do.
    """

    file: str
    recorded: str
    found: str
    dependents: tuple[str, ...]
    run: str


@dataclass(frozen=True)
class Check:
    """One file, or a few that belong together, to be hashed again."""

    name: str
    differences: Callable[[], Iterable[Difference]]


def shown(manifest: Manifest) -> str:
    """Return artifact and short version."""
    return f"{manifest.artifact} {manifest.version[:12]}"


@dataclass(frozen=True)
class History:
    """Every record of a model that can be read."""

    stores: Stores
    model: str

    @cached_property
    def manifests(self) -> Mapping[str, Manifest]:
        """The manifests, by name of their record."""
        files = self.stores.records.files(self.model)
        return {file.stem: read_record(file) for file in files if is_intact(file)}

    def dependents(self, records: Iterable[str]) -> tuple[str, ...]:
        """Return what was made from records, the records themselves left out."""
        start = {name: self.manifests[name] for name in records if name in self.manifests}
        reached = set(touched(dict(self.manifests), start)) - set(start)
        made = [self.manifests[name] for name in reached]
        models = [entry for entry in self.entries if entry.candidate in reached and entry.version is not None]
        scored = [self.scored_by(entry.onnx_sha256) for entry in models]
        versions = {f"model '{self.model}' version {entry.version}" for entry in models}
        return tuple(sorted(versions.union(map(shown, made), *scored)))

    def scored_by(self, onnx_sha256: str) -> set[str]:
        """Return the predictions that a model has made."""
        return {shown(m) for m in self.manifests.values() if m.inputs.get("model") == onnx_sha256}

    @cached_property
    def entries(self) -> tuple[LedgerEntry, ...]:
        """The ledger's entries; none when it is damaged, which is a difference of its own."""
        try:
            return self.stores.ledger(self.model).entries()
        except DataError:
            return ()
