"""Every manifest that was ever current, so that what was made long ago can still say what it was made from.

A record's name is the digest of its content. What is made from something that is stored keeps the name of that
record (`Manifest.origins`), and so on back to the raw files: a chain in which no link can change unnoticed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from ml_platform.errors import DataError, NotStored
from ml_platform.stores.artifact import WHOLE, ArtifactKey, Manifest
from ml_platform.stores.files import digest, write_atomically

FOLDER = "records"
LENGTH = 32
"""Hexadecimal digits of a record's name."""


def name_of(content: bytes) -> str:
    """Return the name of the record with this content."""
    return digest(content)[:LENGTH]


class Records:
    """Files ``<root>/<model>/<asset>/<partition>/records/<name>.json`` below the roots of all shelves."""

    def __init__(self, *roots: Path) -> None:
        self.roots = roots

    def add(self, root: Path, artifact: ArtifactKey, content: bytes) -> None:
        """Keep a manifest for ever."""
        write_atomically(_folder(root, artifact) / f"{name_of(content)}.json", lambda handle: handle.write(content))

    def supersede(self, artifact: ArtifactKey, name: str) -> None:
        """Note, as the time of its file, that a record is no longer the current one since now."""
        for root in self.roots:
            file = _folder(root, artifact) / f"{name}.json"
            if file.exists():
                os.utime(file)

    def superseded_at(self, artifact: ArtifactKey, name: str) -> datetime:
        """Return since when a record that is not the current one is not."""
        files = [file for file in self._files(artifact) if file.stem == name]
        return datetime.fromtimestamp(files[0].stat().st_mtime, tz=UTC)

    def has(self, artifact: ArtifactKey, name: str) -> bool:
        """Return whether a record is kept."""
        return any((_folder(root, artifact) / f"{name}.json").exists() for root in self.roots)

    def get(self, artifact: ArtifactKey, name: str) -> Manifest:
        """Return a record.

        Raises
        ------
        NotStored, DataError
            When it is gone, or is not what was recorded.
        """
        for root in self.roots:
            file = _folder(root, artifact) / f"{name}.json"
            if file.exists():
                return read_record(file)
        raise NotStored(
            f"record {name} of {artifact} is gone from {', '.join(map(str, self.roots))}. Restore it from a backup"
        )

    def of(self, artifact: ArtifactKey) -> dict[str, Manifest]:
        """Return every manifest that a artifact has had, by name."""
        return {file.stem: read_record(file) for file in self._files(artifact)}

    def same(self, artifact: ArtifactKey, manifest: Manifest) -> Manifest | None:
        """Return the manifest that a artifact had before with the same content made from the same inputs, or None."""
        for file in self._files(artifact):
            before = Manifest.model_validate_json(file.read_bytes()) if is_intact(file) else None
            if before is not None and (before.version, before.inputs) == (manifest.version, manifest.inputs):
                return before
        return None

    def files(self, model: str) -> Iterator[Path]:
        """Yield the file of every record of a model."""
        for root in self.roots:
            yield from sorted((root / model).glob(f"*/*/{FOLDER}/*.json"))

    def origins(self, inputs: Mapping[str, str]) -> dict[str, str]:
        """Return the record of each input that is stored here: the current one when it has that version."""
        found = {}
        for name, version in inputs.items():
            artifact = ArtifactKey.parse(name)
            records = self._with_version(artifact, version) if artifact else []
            if records:
                found[name] = records[0]
        return found

    def _files(self, artifact: ArtifactKey) -> list[Path]:
        return [file for root in self.roots for file in sorted(_folder(root, artifact).glob("*.json"))]

    def _with_version(self, artifact: ArtifactKey, version: str) -> list[str]:
        for root in self.roots:
            file = root / artifact.folder / f"{artifact.partition or WHOLE}.json"
            current = file.read_bytes() if file.exists() else b""
            if current and Manifest.model_validate_json(current).version == version:
                return [name_of(current)]
        return [name for name, manifest in self.of(artifact).items() if manifest.version == version]


def read_record(file: Path) -> Manifest:
    """Read a record.

    Raises
    ------
    DataError
        When its content is not what its name says.
    """
    content = file.read_bytes()
    if not is_intact(file):
        raise DataError(f"{file} is not what was recorded: its content has the digest {name_of(content)}")
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        raise DataError(f"{file} was written by another version of the platform: {error}") from error


def is_intact(file: Path) -> bool:
    """Return whether the content of a record's file has the digest that is its name."""
    return name_of(file.read_bytes()) == file.stem


def _folder(root: Path, artifact: ArtifactKey) -> Path:
    return root / artifact.folder / (artifact.partition or WHOLE) / FOLDER
