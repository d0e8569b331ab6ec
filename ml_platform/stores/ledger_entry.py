"""One entry of the ledger: something that happened to a candidate."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

Action = Literal["registered", "promoted", "rejected"]


@dataclass(frozen=True)
class LedgerEntry:
    """One thing that happened to a candidate."""

    at: datetime
    """When, with a time zone."""
    model: str
    partition: str | None
    """What the candidate was trained as of; None without partitions."""
    action: Action
    version: str | None
    """Its version in the registry; None when it has none."""
    run_id: str
    """Its MLflow run."""
    onnx_sha256: str
    """Hash of the very bytes that serve."""
    reasons: tuple[str, ...] = ()
    """One sentence per gate."""
    previous_champion: str | None = None
    """Version that was champion before; None when there was none."""
    dagster_run_id: str | None = None
    """The run that did it; None outside Dagster."""
    files: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of every file that is stored with the candidate in MLflow, by name."""
    candidate: str = ""
    """Manifest id of the candidate's document: what it was made from. Empty when there is none."""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError(f"a ledger entry needs a time with a time zone, not {self.at}")
        if self.action not in get_args(Action):
            raise ValueError(f"action '{self.action}' is none of {', '.join(get_args(Action))}")

    @property
    def key(self) -> tuple[str | None, ...]:
        """What makes a second entry the same event told again, by a step that was repeated in its run."""
        return (self.model, self.partition, self.action, self.version, self.onnx_sha256, self.dagster_run_id)

    def to_json(self) -> str:
        """Return the entry as JSON."""
        return json.dumps({**asdict(self), "at": self.at.isoformat()}, ensure_ascii=True, allow_nan=False)

    @classmethod
    def from_json(cls, content: str) -> "LedgerEntry":
        """Read what `to_json` wrote."""
        document: dict[str, Any] = json.loads(content)
        at, reasons = datetime.fromisoformat(document.pop("at")), tuple(document.pop("reasons"))
        return cls(at=at, reasons=reasons, **document)
