"""May the candidate go to production? Blocking: behind a gate that fails, the champion stays as it was."""

from collections.abc import Iterator, Mapping
from typing import Any

from ml_platform.orchestration.check import CheckKind
from ml_platform.orchestration.check_rules import Outcome, Rule
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores


def gate_checks(model: Model) -> CheckKind:
    """Return one check per gate of the model's YAML."""
    rules = tuple(Rule(f"gate_{gate}", _describe(gate, options)) for gate, options in model.spec.gates.items())
    return CheckKind("decision", rules, _results, blocking=True)


def _describe(gate: str, options: Mapping[str, Any]) -> str:
    return f"{gate.replace('_', ' ').capitalize()}: {', '.join(f'{name} {value}' for name, value in options.items())}."


def _results(model: Model, stores: Stores, partition: str | None, _run: RunContext) -> Iterator[Outcome]:
    from ml_platform.pipeline.decision import gate_results, load_decision

    for result in gate_results(load_decision(model, stores, partition)):
        yield Outcome(f"gate_{result.gate}", result.passed, result.reason)
