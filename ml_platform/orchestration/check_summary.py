"""One check that sums up all checks of an asset, from the outcomes that the step has anyway."""

from __future__ import annotations

from collections.abc import Sequence

import dagster as dg

from ml_platform.orchestration.check import CheckKind
from ml_platform.orchestration.check_rules import NAMED_FAILURES, Outcome
from ml_platform.orchestration.keys import asset_key, partitions_def
from ml_platform.orchestration.metadata import markdown_table
from ml_platform.pipeline.model import Model

SUMMARY = "all_checks"
"""Name of the check below its asset. The UI sorts checks by name and opens the first, which this is."""


def summary_spec(model: Model, kinds: Sequence[CheckKind]) -> dg.AssetCheckSpec | None:
    """Return the check that sums up all `kinds` of an asset; None for a single check, which says all there is."""
    if sum(len(kind.checks) for kind in kinds) == 1:
        return None
    return dg.AssetCheckSpec(
        SUMMARY,
        asset=asset_key(model, kinds[0].asset),
        description="How many of this asset's checks hold, and which fail. It blocks nothing itself.",
        partitions_def=partitions_def(model) if kinds[0].partitioned else None,
    )


def summarize(outcomes: Sequence[Outcome]) -> Outcome:
    """Return how many outcomes hold, and which do not: errors first, each with its message in the metadata."""
    failed = sorted((one for one in outcomes if not one.passed), key=lambda one: one.severity.value)
    errors = [one for one in failed if one.severity == dg.AssetCheckSeverity.ERROR]
    warnings = [one for one in failed if one.severity == dg.AssetCheckSeverity.WARN]
    held = f"{len(outcomes) - len(failed):,} of {len(outcomes):,} hold"
    message = "; ".join([held, *_named("failed", errors), *_named("warnings", warnings)])
    if len(failed) == len(outcomes):  # mostly for one reason, such as that nothing is stored
        message += f". {failed[0].message}"
    counts = {"held": len(outcomes) - len(failed), "failed": len(errors), "warnings": len(warnings)}
    lines = ([one.check, "error" if one in errors else "warning", one.message] for one in failed)
    table = {"failures": markdown_table(["check", "severity", "message"], lines)} if failed else {}
    severity = dg.AssetCheckSeverity.ERROR if errors or not failed else dg.AssetCheckSeverity.WARN
    return Outcome(SUMMARY, not failed, message, severity, {**table, **counts})


def _named(what: str, failed: Sequence[Outcome]) -> list[str]:
    """Return the first of them by name, and how many more there are."""
    if not failed:
        return []
    names = [one.check for one in failed[:NAMED_FAILURES]]
    more = [f"and {len(failed) - NAMED_FAILURES:,} more"] if len(failed) > NAMED_FAILURES else []
    return [f"{what}: {', '.join([*names, *more])}"]
