"""The leakage report of a training set: one check result per measurement."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class LeakageCheckResult:
    """One measurement and its bound."""

    subject: str
    """The feature, or the part whose rows were checked."""
    measured: str
    """What was measured, in words."""
    score: float
    bound: float
    """The measured number, and the most that it may be."""
    leaks: bool
    """Whether it is above its bound, and not by chance."""
    accepted: str = ""
    """Why that is accepted, from the model's YAML; empty when it is not."""

    @property
    def failed(self) -> bool:
        """Whether no model may be trained because of it."""
        return self.leaks and not self.accepted


@dataclass(frozen=True)
class LeakageReport:
    """All check results of one training set."""

    results: tuple[LeakageCheckResult, ...]

    @property
    def failed(self) -> tuple[LeakageCheckResult, ...]:
        """Return the results because of which no model may be trained."""
        return tuple(result for result in self.results if result.failed)

    @property
    def passed(self) -> bool:
        """Return whether a model may be trained."""
        return not self.failed

    @property
    def message(self) -> str:
        """Return each failed check by subject and measurement, or that there is none."""
        if self.failed:
            return "; ".join(f"{r.subject}: {r.measured} ({r.score:.3g}, at most {r.bound:g})" for r in self.failed)
        accepted = [f"{r.subject}, accepted because {r.accepted}" for r in self.results if r.leaks]
        return "; ".join([f"none in {len(self.results):,} measurements", *accepted])

    def to_document(self) -> dict[str, Any]:
        """Return the report as JSON types."""
        return {"passed": self.passed, "results": [asdict(result) for result in self.results]}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "LeakageReport":
        """Read what `to_document` returned."""
        return cls(tuple(LeakageCheckResult(**result) for result in document["results"]))
