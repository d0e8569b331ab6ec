"""Who was champion when, and why: an append-only record beside the registry, one JSON Lines file per model.

The registry's aliases say what is champion now. The ledger says what was, what was rejected and why, and holds the hash
of every registered model outside of MLflow, so that a model that was exchanged in the artifact store is noticed.

Each line ends with a seal, a digest over the line and the seal before it, so that a changed, removed or inserted line
is noticed too; only lines that are missing at the end are not.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args

from ml_platform.errors import DataError
from ml_platform.stores.files import digest
from ml_platform.stores.lock import locked

Action = Literal["registered", "promoted", "rejected"]

SEAL = re.compile(rb', "seal": "([0-9a-f]{64})"\}')


@dataclass(frozen=True)
class LedgerEntry:
    """One thing that happened to a candidate.

    Attributes
    ----------
    at
        When, with a time zone; passed in by whoever decided.
    partition
        What the candidate was trained as of; None without partitions.
    version
        Its version in the registry; None when it has none.
    onnx_sha256
        Hash of the very bytes that serve.
    reasons
        One sentence per gate.
    previous_champion
        Version that was champion before; None when there was none.
    dagster_run_id
        The run that did it; None outside Dagster.
    files
        SHA-256 of every file that is stored with the candidate in MLflow, by name.
    candidate
        Record of the candidate's document: what it was made from. Empty when there is none.
    """

    at: datetime
    model: str
    partition: str | None
    action: Action
    version: str | None
    run_id: str
    onnx_sha256: str
    reasons: tuple[str, ...] = ()
    previous_champion: str | None = None
    dagster_run_id: str | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    candidate: str = ""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError(f"a ledger entry needs a time with a time zone, not {self.at}")
        if self.action not in get_args(Action):
            raise ValueError(f"action '{self.action}' is none of {', '.join(get_args(Action))}")

    @property
    def key(self) -> tuple[str | None, ...]:
        """What makes a second entry the same event told again, by a step that was repeated in its run."""
        return (self.model, self.partition, self.action, self.version, self.onnx_sha256, self.dagster_run_id)

    def to_line(self) -> bytes:
        """Return one line of JSON with its line break."""
        document = {**asdict(self), "at": self.at.isoformat()}
        return (json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n").encode()

    @classmethod
    def from_line(cls, line: bytes) -> LedgerEntry:
        """Read what `to_line` wrote.

        Raises
        ------
        ValueError, TypeError, KeyError
            When it is something else.
        """
        document: dict[str, Any] = json.loads(line)
        at, reasons = datetime.fromisoformat(document.pop("at")), tuple(document.pop("reasons"))
        return cls(at=at, reasons=reasons, **document)


def sealed(line: bytes, seal_before: str) -> bytes:
    """Return a line with its seal, which holds it and all lines before it."""
    seal = digest(seal_before.encode() + line)
    return line.removesuffix(b"}\n") + f', "seal": "{seal}"}}\n'.encode()


def read_sealed(line: bytes, seal_before: str) -> tuple[LedgerEntry, str]:
    """Return the entry and the seal of a line.

    Raises
    ------
    ValueError, TypeError, KeyError
        When it is no entry, or not the one that was written after the line before it.
    """
    found = SEAL.search(line)
    if found is None or found.end() != len(line):
        raise ValueError("it has no seal; if all lines lack one, an older platform wrote the file: make clean")
    bare, seal = line[: found.start()] + b"}\n", found[1].decode()
    if sealed(bare, seal_before) != line + b"\n":
        raise ValueError("it, or a line before it, was changed after it was written")
    return LedgerEntry.from_line(bare), seal


@dataclass(frozen=True)
class Ledger:
    """The record of one model."""

    path: Path

    def entries(self) -> tuple[LedgerEntry, ...]:
        """Return all entries, oldest first; none when nothing has happened yet.

        A last line without its line break is what a killed writer left, and is ignored: the event was not recorded.

        Raises
        ------
        DataError
            Naming file and line of anything else that cannot be read.
        """
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return ()
        entries, seal = [], ""
        for number, line in enumerate(content.split(b"\n")[:-1], start=1):
            entry, seal = self._read(line, number, seal)
            entries.append(entry)
        return tuple(entries)

    def append(self, entry: LedgerEntry) -> bool:
        """Write an entry durably and return True; return False when the last entry with its candidate says the same.

        A repeated step so assets one entry, while "promoted, rejected, promoted again" assets three. Writers of several
        processes wait for one another.
        """
        with locked(self.path.with_suffix(".lock")):
            if self._is_told(entry):
                return False
            self._drop_torn_line()
            with self.path.open("ab") as file:
                file.write(sealed(entry.to_line(), self._last_seal()))
                file.flush()
                os.fsync(file.fileno())
            return True

    def champion_at(self, time: datetime) -> LedgerEntry | None:
        """Return the promotion that was in force at a time, or None before the first."""
        promoted = [entry for entry in self.entries() if entry.action == "promoted" and entry.at <= time]
        return promoted[-1] if promoted else None

    def onnx_sha256(self, version: str) -> str | None:
        """Return the hash that was recorded for a version, or None when the ledger has never heard of it."""
        hashes = [entry.onnx_sha256 for entry in self.entries() if entry.version == version]
        return hashes[0] if hashes else None

    def file_sha256(self, version: str, name: str) -> str | None:
        """Return the hash that was recorded for a file of a version's candidate, or None."""
        hashes = [entry.files[name] for entry in self.entries() if entry.version == version and name in entry.files]
        return hashes[0] if hashes else None

    def _is_told(self, entry: LedgerEntry) -> bool:
        if entry.action == "registered":  # a version is registered once and for all
            return any(told.key == entry.key for told in self.entries())
        decisions = [told for told in self.entries() if told.action != "registered"]
        return bool(decisions) and decisions[-1].key == entry.key

    def _read(self, line: bytes, number: int, seal_before: str) -> tuple[LedgerEntry, str]:
        try:
            return read_sealed(line, seal_before)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise DataError(
                f"{self.path}, line {number}: not a ledger entry ({error}). Entries are only ever appended: "
                "restore the file from a backup"
            ) from None

    def _last_seal(self) -> str:
        content = self.path.read_bytes() if self.path.exists() else b""
        seals = SEAL.findall(content)
        return seals[-1].decode() if seals else ""

    def _drop_torn_line(self) -> None:
        """Cut what a killed writer left, so that the next entry does not become the tail of it."""
        if not self.path.exists():
            return
        content = self.path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            os.truncate(self.path, whole)
