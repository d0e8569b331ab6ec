"""The decision to promote a candidate or to leave the champion as it is, with every gate's reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ml_platform.promotion.evidence import Evidence
from ml_platform.promotion.gates import GATES, GateResult
from ml_platform.promotion.settings import Gates


@dataclass(frozen=True)
class Decision:
    """Whether to promote; true only when every gate passed."""

    promote: bool
    results: tuple[GateResult, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """One sentence per gate, for the ledger and the reader."""
        return tuple(f"{r.gate} {'passed' if r.passed else 'FAILED'}: {r.reason}" for r in self.results)

    def to_document(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"promote": self.promote, "results": [result.to_document() for result in self.results]}


def decide(evidence: Evidence, gates: Gates) -> Decision:
    """Ask every gate, also after one has failed: the reader wants all reasons at once.

    `Gates` cannot be empty, so a model is never promoted for want of a question.
    """
    results = tuple(GATES[name](evidence, **options) for name, options in gates.items())
    return Decision(all(result.passed for result in results), results)
