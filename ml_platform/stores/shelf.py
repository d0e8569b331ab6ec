"""Versioned files with one manifest per artifact: the ground of the table store and of the document store."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from pydantic import ValidationError

from ml_platform.errors import DataError, NotStored
from ml_platform.stores.artifact import WHOLE, ArtifactKey, Manifest
from ml_platform.stores.files import digest, to_json, write_atomically
from ml_platform.stores.records import Records, name_of


class Shelf:
    """Files ``<root>/<model>/<asset>/<partition>/<version><suffix>``; ``<partition>.json`` says which one is current.

    A version's file never changes once it is written, so that a reader of an older manifest can still read it. Every
    manifest that was ever current is kept as a record.
    """

    def __init__(self, root: Path, suffix: str, *, beside: Sequence[Path] = (), code: str = "") -> None:
        """`beside` are the roots of other shelves, which inputs may lie on; `code` is the commit that now runs."""
        self.root = root
        self.suffix = suffix
        self.code = code
        self.records = Records(root, *beside)

    def manifest(self, artifact: ArtifactKey) -> Manifest | None:
        """Return what is stored in a artifact, or None."""
        file = self._manifest_file(artifact)
        if not file.exists():
            return None
        content = file.read_bytes()
        try:
            manifest = Manifest.model_validate_json(content)
        except ValidationError as error:
            raise DataError(
                f"{file} is not a manifest any more ({error.error_count()} faults). {make(artifact)}"
            ) from error
        if not self.records.has(artifact, name_of(content)):
            raise DataError(f"{file} is not what was recorded: no record has its digest. {make(artifact)}")
        return manifest

    def record(self, artifact: ArtifactKey) -> str:
        """Return the name of the record that keeps the current manifest of a artifact, or raise as `require` does."""
        self.require(artifact)
        return name_of(self._manifest_file(artifact).read_bytes())

    def require(self, artifact: ArtifactKey) -> Manifest:
        """Return what is stored in a artifact.

        Raises
        ------
        NotStored
            Naming the command that makes it.
        """
        manifest = self.manifest(artifact)
        if manifest is None:
            raise NotStored(f"{artifact} is not stored. {make(artifact)}")
        return manifest

    def partitions(self, model: str, asset: str) -> list[str]:
        """Return the keys of the stored partitions, in order."""
        names = [file.stem for file in (self.root / model / asset).glob("*.json")]
        return sorted(name for name in names if name != WHOLE)

    def file(self, artifact: ArtifactKey, version: str) -> Path:
        """Return the path of one version's content."""
        return self.root / artifact.folder / (artifact.partition or WHOLE) / f"{version[:16]}{self.suffix}"

    def commit(
        self,
        artifact: ArtifactKey,
        manifest: Manifest,
        write: Callable[[IO[bytes]], Any],
        *,
        relies_on: Mapping[str, str] | None = None,
    ) -> Manifest:
        """Write a version's content, then the manifest that makes it the current one.

        Storing what was stored before, the same content from the same inputs, rewrites its file and its manifest, which
        repairs damaged ones; the run that made it first stays.
        """
        origins = self.records.origins({**manifest.inputs, **(relies_on or {})})
        manifest = manifest.model_copy(update={"origins": origins, "code": self.code})
        manifest = self.records.same(artifact, manifest) or manifest
        write_atomically(self.file(artifact, manifest.version), write)
        content, current = to_json(manifest.model_dump()), self._manifest_file(artifact)
        self.records.add(self.root, artifact, content)
        if current.exists() and current.read_bytes() != content:
            self.records.supersede(artifact, name_of(current.read_bytes()))
        write_atomically(current, lambda handle: handle.write(content))
        return manifest

    def remove(self, artifact: ArtifactKey, version: str) -> None:
        """Remove the content of a version for good, and note that it was, so that nobody takes it for a loss."""
        file = self.file(artifact, version)
        write_atomically(self._removed(artifact, version), lambda handle: handle.write(b""))
        file.unlink(missing_ok=True)

    def is_removed(self, artifact: ArtifactKey, version: str) -> bool:
        """Return whether the content of a version was removed on purpose."""
        return self._removed(artifact, version).exists() and not self.file(artifact, version).exists()

    def _removed(self, artifact: ArtifactKey, version: str) -> Path:
        return self.file(artifact, version).with_suffix(".removed")

    def _manifest_file(self, artifact: ArtifactKey) -> Path:
        return self.root / artifact.folder / f"{artifact.partition or WHOLE}.json"


class DocumentStore:
    """JSON documents: validations, evaluations, decisions, drift reports."""

    def __init__(self, root: Path, *, beside: Sequence[Path] = (), code: str = "") -> None:
        self._shelf = Shelf(root, ".json", beside=beside, code=code)
        self.file = self._shelf.file
        self.records = self._shelf.records
        self.record = self._shelf.record
        self.manifest = self._shelf.manifest
        self.require = self._shelf.require
        self.partitions = self._shelf.partitions

    def write(
        self,
        artifact: ArtifactKey,
        document: Mapping[str, Any],
        *,
        inputs: Mapping[str, str] | None = None,
        run_id: str = "",
    ) -> Manifest:
        """Store a document as the current version of its artifact."""
        content = to_json(document)
        manifest = Manifest(artifact=str(artifact), version=digest(content), inputs=dict(inputs or {}), run_id=run_id)
        return self._shelf.commit(artifact, manifest, lambda handle: handle.write(content))

    def read(self, artifact: ArtifactKey) -> dict[str, Any]:
        """Return the current document of a artifact.

        Raises
        ------
        NotStored
            When there is none.
        DataError
            When the file is not what was recorded.
        """
        return self.read_version(artifact, self.require(artifact))

    def read_version(self, artifact: ArtifactKey, manifest: Manifest) -> dict[str, Any]:
        """Return the document that a manifest, current or older, was written for.

        Raises
        ------
        DataError
            When the file is not what was recorded.
        """
        file = self._shelf.file(artifact, manifest.version)
        content = file.read_bytes() if file.exists() else b""
        if digest(content) != manifest.version:
            raise DataError(f"{file} is not what was recorded for {artifact}. {make(artifact)}")
        document: dict[str, Any] = json.loads(content)
        return document


def make(artifact: ArtifactKey) -> str:
    """Return the sentence that names the command which makes a artifact."""
    partition = f" --partition {artifact.partition}" if artifact.partition else ""
    return f"Run: ml-platform asset materialize --select '+key:\"{artifact.model}/{artifact.asset}\"'{partition}"
