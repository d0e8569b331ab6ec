"""May the candidate go to production? A failed gate is a warning: to reject a candidate is an outcome of a run.

The checks stop nothing. They show the stored decision; `apply_decision` promotes only what it says.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from ml_platform.orchestration.check import CheckKind
from ml_platform.orchestration.check_rules import Outcome, Rule
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores


def gate_checks(model: Model) -> CheckKind:
    """Return one check per gate of the model's YAML."""
    rules = tuple(Rule(f"gate_{gate}", _describe(gate, options)) for gate, options in model.spec.gates.items())
    return CheckKind("decision", rules, _results, blocking=False)


def _describe(gate: str, options: Mapping[str, Any]) -> str:
    return f"{gate.replace('_', ' ').capitalize()}: {', '.join(f'{name} {value}' for name, value in options.items())}."


def _results(model: Model, stores: Stores, partition: str | None, _run: RunContext) -> Iterator[Outcome]:
    from ml_platform.pipeline.decision import gate_results, load_decision

    for result in gate_results(load_decision(model, stores, partition)):
        yield Outcome(f"gate_{result.gate}", result.passed, result.reason, dg.AssetCheckSeverity.WARN)
