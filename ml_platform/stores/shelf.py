"""Versioned files with one manifest per slot: the ground of the table store and of the document store."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from pydantic import ValidationError

from ml_platform.errors import DataError, NotStored
from ml_platform.stores.files import digest, to_json, write_atomically
from ml_platform.stores.records import Records, name_of
from ml_platform.stores.slot import WHOLE, Manifest, Slot


class Shelf:
    """Files ``<root>/<model>/<leaf>/<partition>/<version><suffix>``; ``<partition>.json`` says which one is current.

    A version's file never changes once it is written, so that a reader of an older manifest can still read it. Every
    manifest that was ever current is kept as a record.
    """

    def __init__(self, root: Path, suffix: str, *, beside: Sequence[Path] = (), code: str = "") -> None:
        """`beside` are the roots of other shelves, which inputs may lie on; `code` is the commit that now runs."""
        self.root = root
        self.suffix = suffix
        self.code = code
        self.records = Records(root, *beside)

    def manifest(self, slot: Slot) -> Manifest | None:
        """Return what is stored in a slot, or None."""
        file = self._manifest_file(slot)
        if not file.exists():
            return None
        content = file.read_bytes()
        try:
            manifest = Manifest.model_validate_json(content)
        except ValidationError as error:
            raise DataError(
                f"{file} is not a manifest any more ({error.error_count()} faults). {make(slot)}"
            ) from error
        if not self.records.has(slot, name_of(content)):
            raise DataError(f"{file} is not what was recorded: no record has its digest. {make(slot)}")
        return manifest

    def record(self, slot: Slot) -> str:
        """Return the name of the record that keeps the current manifest of a slot, or raise as `require` does."""
        self.require(slot)
        return name_of(self._manifest_file(slot).read_bytes())

    def require(self, slot: Slot) -> Manifest:
        """Return what is stored in a slot.

        Raises
        ------
        NotStored
            Naming the command that makes it.
        """
        manifest = self.manifest(slot)
        if manifest is None:
            raise NotStored(f"{slot} is not stored. {make(slot)}")
        return manifest

    def partitions(self, model: str, leaf: str) -> list[str]:
        """Return the keys of the stored partitions, in order."""
        names = [file.stem for file in (self.root / model / leaf).glob("*.json")]
        return sorted(name for name in names if name != WHOLE)

    def file(self, slot: Slot, version: str) -> Path:
        """Return the path of one version's content."""
        return self.root / slot.folder / (slot.partition or WHOLE) / f"{version[:16]}{self.suffix}"

    def commit(
        self,
        slot: Slot,
        manifest: Manifest,
        write: Callable[[IO[bytes]], Any],
        *,
        rests_on: Mapping[str, str] | None = None,
    ) -> Manifest:
        """Write a version's content, then the manifest that makes it the current one.

        Storing what was stored before, the same content from the same inputs, rewrites its file and its manifest, which
        repairs damaged ones; the run that made it first stays.
        """
        origins = self.records.origins({**manifest.inputs, **(rests_on or {})})
        manifest = manifest.model_copy(update={"origins": origins, "code": self.code})
        manifest = self.records.same(slot, manifest) or manifest
        write_atomically(self.file(slot, manifest.version), write)
        content, current = to_json(manifest.model_dump()), self._manifest_file(slot)
        self.records.add(self.root, slot, content)
        if current.exists() and current.read_bytes() != content:
            self.records.supersede(slot, name_of(current.read_bytes()))
        write_atomically(current, lambda handle: handle.write(content))
        return manifest

    def remove(self, slot: Slot, version: str) -> None:
        """Remove the content of a version for good, and note that it was, so that nobody takes it for a loss."""
        file = self.file(slot, version)
        write_atomically(self._removed(slot, version), lambda handle: handle.write(b""))
        file.unlink(missing_ok=True)

    def is_removed(self, slot: Slot, version: str) -> bool:
        """Return whether the content of a version was removed on purpose."""
        return self._removed(slot, version).exists() and not self.file(slot, version).exists()

    def _removed(self, slot: Slot, version: str) -> Path:
        return self.file(slot, version).with_suffix(".removed")

    def _manifest_file(self, slot: Slot) -> Path:
        return self.root / slot.folder / f"{slot.partition or WHOLE}.json"


class DocumentStore:
    """JSON documents: verdicts, evaluations, decisions, drift reports."""

    def __init__(self, root: Path, *, beside: Sequence[Path] = (), code: str = "") -> None:
        self._shelf = Shelf(root, ".json", beside=beside, code=code)
        self.file = self._shelf.file
        self.records = self._shelf.records
        self.record = self._shelf.record
        self.manifest = self._shelf.manifest
        self.require = self._shelf.require
        self.partitions = self._shelf.partitions

    def write(
        self, slot: Slot, document: Mapping[str, Any], *, inputs: Mapping[str, str] | None = None, run_id: str = ""
    ) -> Manifest:
        """Store a document as the current version of its slot."""
        content = to_json(document)
        manifest = Manifest(slot=str(slot), version=digest(content), inputs=dict(inputs or {}), run_id=run_id)
        return self._shelf.commit(slot, manifest, lambda handle: handle.write(content))

    def read(self, slot: Slot) -> dict[str, Any]:
        """Return the current document of a slot.

        Raises
        ------
        NotStored
            When there is none.
        DataError
            When the file is not what was recorded.
        """
        return self.read_version(slot, self.require(slot))

    def read_version(self, slot: Slot, manifest: Manifest) -> dict[str, Any]:
        """Return the document that a manifest, current or older, was written for.

        Raises
        ------
        DataError
            When the file is not what was recorded.
        """
        file = self._shelf.file(slot, manifest.version)
        content = file.read_bytes() if file.exists() else b""
        if digest(content) != manifest.version:
            raise DataError(f"{file} is not what was recorded for {slot}. {make(slot)}")
        document: dict[str, Any] = json.loads(content)
        return document


def make(slot: Slot) -> str:
    """Return the sentence that names the command which makes a slot."""
    partition = f" --partition {slot.partition}" if slot.partition else ""
    return f"Run: ml-platform asset materialize --select '+key:\"{slot.model}/{slot.leaf}\"'{partition}"
