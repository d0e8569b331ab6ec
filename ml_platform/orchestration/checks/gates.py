"""May the candidate go to production? Blocking: behind a gate that fails, the champion stays as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ml_platform.orchestration.asset import Step
from ml_platform.orchestration.assets.promotion import decide_from_evaluation
from ml_platform.orchestration.check import CheckKind, CheckSpec, Outcome
from ml_platform.pipeline.model import Model


def gate_checks(model: Model) -> CheckKind:
    """Return one check per gate of the model's YAML."""
    checks = tuple(CheckSpec(check_name(gate), describe(gate, options)) for gate, options in model.spec.gates.items())
    return CheckKind("gates", "decision", checks, _gates, blocking=True)


def check_name(gate: str) -> str:
    """Return the name of a gate's check."""
    return f"gate_{gate}"


def describe(gate: str, options: Mapping[str, Any]) -> str:
    """Return a gate and its options in words."""
    return f"{gate.replace('_', ' ').capitalize()}: {', '.join(f'{name} {value}' for name, value in options.items())}."


def _gates(step: Step) -> Iterator[Outcome]:
    step.stores.documents.require(step.artifact("decision"))
    for result in decide_from_evaluation(step).results:
        yield Outcome(check_name(result.gate), result.passed, result.reason)
