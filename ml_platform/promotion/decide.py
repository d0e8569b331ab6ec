"""The promotion decision about a candidate, with the result of every gate."""

from dataclasses import asdict, dataclass
from typing import Any

from ml_platform.promotion.evidence import Evidence
from ml_platform.promotion.gates import GATES, GateResult
from ml_platform.promotion.settings import Gates


@dataclass(frozen=True)
class PromotionDecision:
    """Whether to promote; true only when every gate passed."""

    promote: bool
    results: tuple[GateResult, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """One sentence per gate, for the ledger and the reader."""
        return tuple(f"{r.gate} {'passed' if r.passed else 'FAILED'}: {r.reason}" for r in self.results)

    def to_document(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"promote": self.promote, "results": [asdict(result) for result in self.results]}


def decide(evidence: Evidence, gates: Gates) -> PromotionDecision:
    """Return the decision with the result of every gate, also of those after a failed one.

    `Gates` cannot be empty, so no model is promoted without a gate.
    """
    results = tuple(GATES[name](evidence, **options) for name, options in gates.items())
    return PromotionDecision(all(result.passed for result in results), results)
