"""What the demo has told so far, so that a second one can tell it again without a run."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from operator import methodcaller
from pathlib import Path

from ml_platform.stores.files import to_json, write_atomically


@dataclass
class DemoRecord:
    """The lines of each part of a demo, which later runs and promotions do not change."""

    file: Path
    fingerprint: str
    """What the demo was made with; with another one, the record is empty."""
    told: dict[str, list[str]] = field(default_factory=dict)
    is_outdated: bool = False
    """Whether there is a record with another fingerprint, which is replaced."""

    @classmethod
    def open(cls, file: Path, fingerprint: str) -> DemoRecord:
        """Read the record of a demo with this fingerprint; there need not be one."""
        kept = json.loads(file.read_bytes()) if file.exists() else {}
        is_outdated = kept.get("fingerprint", fingerprint) != fingerprint
        return cls(file, fingerprint, {} if is_outdated else kept.get("told", {}), is_outdated)

    def __contains__(self, part: str) -> bool:
        return part in self.told

    def __getitem__(self, part: str) -> list[str]:
        return self.told[part]

    def add(self, part: str, lines: list[str]) -> None:
        """Keep what was told of a part that is done."""
        self.told[part] = lines
        kept = {"fingerprint": self.fingerprint, "told": self.told}
        write_atomically(self.file, methodcaller("write", to_json(kept)))
