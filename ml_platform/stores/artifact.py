"""Names of stored things, and the manifest that is kept of each version."""

from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

WHOLE = "whole"
"""Stands for the partition of a table that has none."""


class ArtifactKey(NamedTuple):
    """Where one asset keeps one partition: ``flights/features/2013-01``."""

    model: str
    asset: str
    partition: str | None = None

    def __str__(self) -> str:
        return "/".join((self.model, self.asset, self.partition or WHOLE))

    @classmethod
    def parse(cls, name: str) -> "ArtifactKey | None":
        """Return the artifact of a name like ``flights/features/2013-01``, or None when it names something else."""
        model, _, rest = name.partition("/")
        asset, _, partition = rest.partition("/")
        if not (model and asset and partition) or "/" in partition:
            return None
        return cls(model, asset, None if partition == WHOLE else partition)


class Column(BaseModel):
    """A column's name and type, and the digest of its values."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    type: str
    digest: str


class Manifest(BaseModel):
    """What a version of an artifact is, and what it was made from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    artifact: str
    version: str
    """SHA-256 over the content alone: the same content has the same version, whenever it was made."""
    n_rows: int | None = None
    """None for a document."""
    columns: tuple[Column, ...] = ()
    inputs: dict[str, str] = {}
    """Version of everything that this was made from, by artifact or file."""
    origins: dict[str, str] = {}
    """Manifest id of each input that is stored here too, and of what this relies on without being made from it."""
    run_id: str = ""
    """The Dagster run that stored this version first."""
    code: str = ""
    """Git commit of the code that stored it first, ``-dirty`` behind it when files differed from the commit."""

    @property
    def key(self) -> ArtifactKey:
        """The artifact that it is a manifest of."""
        artifact = ArtifactKey.parse(self.artifact)
        assert artifact is not None
        return artifact


def make(artifact: ArtifactKey) -> str:
    """Return the sentence that names the command which makes an artifact."""
    partition = f" --partition {artifact.partition}" if artifact.partition else ""
    return f"Run: ml-platform asset materialize --select '+key:\"{artifact.model}/{artifact.asset}\"'{partition}"
