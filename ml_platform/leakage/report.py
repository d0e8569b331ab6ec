"""What was found in a training set, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One thing that was measured.

    Attributes
    ----------
    what
        The feature, or what the rows share.
    reason
        What was measured, in words.
    score, bound
        Number that was measured, and the most that it may be.
    leaks
        Whether it is above its bound, and not by chance.
    accepted
        Why that is accepted, from the model's YAML; empty when it is not.
    """

    what: str
    reason: str
    score: float
    bound: float
    leaks: bool
    accepted: str = ""

    @property
    def stops(self) -> bool:
        """Whether no model may be trained because of it."""
        return self.leaks and not self.accepted


@dataclass(frozen=True)
class LeakageReport:
    """Everything that was measured of one training set."""

    findings: tuple[Finding, ...]

    @property
    def stopping(self) -> tuple[Finding, ...]:
        """Return the findings because of which no model may be trained."""
        return tuple(finding for finding in self.findings if finding.stops)

    @property
    def passed(self) -> bool:
        """Return whether a model may be trained."""
        return not self.stopping

    @property
    def message(self) -> str:
        """Return what stops the training, by name and reason, or the most telling feature."""
        if self.stopping:
            return "; ".join(f"{f.what}: {f.reason} ({f.score:.3g}, at most {f.bound:g})" for f in self.stopping)
        accepted = [f"{f.what}, accepted because {f.accepted}" for f in self.findings if f.leaks]
        return "; ".join([f"none in {len(self.findings):,} measurements", *accepted])

    def to_document(self) -> dict[str, Any]:
        """Return the report as JSON types."""
        return {"passed": self.passed, "findings": [asdict(finding) for finding in self.findings]}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> LeakageReport:
        """Read what `to_document` returned."""
        return cls(tuple(Finding(**finding) for finding in document["findings"]))
