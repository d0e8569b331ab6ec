"""One machine of test_two_machines.py: a process that obeys commands of one JSON line each, until its input ends.

What it shares with the other machine are a database, a bucket and the model's definition, by the environment.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
from click.testing import CliRunner

from ml_platform.cli.main import cli
from ml_platform.errors import ChampionChanged
from ml_platform.orchestration.execution.run_job import run_job
from ml_platform.pipeline.scorer import current_champion
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.installation import Installation
from ml_platform.stores.ledger_entry import LedgerEntry
from ml_platform.stores.stores import Stores
from ml_platform_tests.small_models import small_definitions
from ml_platform_tests.stores.mlflow.candidates import registered

MODEL = "tumours"


def stores() -> Stores:
    return Stores(Installation.from_environment())


def job(verb: str) -> list[str]:
    """Run a job of the model; return its problems."""
    definitions = small_definitions(Path("defs") / MODEL)
    with dg.DagsterInstance.ephemeral() as instance:
        return list(run_job(definitions, instance, f"{MODEL}_{verb}", partition=None).problems)


def command(*arguments: str) -> tuple[int, str]:
    """Call ``ml-platform``; return exit code and what it prints."""
    result = CliRunner().invoke(cli, arguments)
    return result.exit_code, result.stdout


def prediction() -> str:
    """Return the id of a prediction."""
    found: str = stores().tables.read(ArtifactKey(MODEL, "predictions"), ["prediction_id"])["prediction_id"].iloc[0]
    return found


def register(weight: float) -> str:
    """Register another version of the model and return it."""
    return registered(stores(), MODEL, weight).version


def promote(version: str, times: int) -> int:
    """Promote a version again and again, whenever another one is champion; return how often that succeeded."""
    here, won = stores(), 0
    onnx_sha256 = here.registry.version(MODEL, version).onnx_sha256
    for number in range(times):
        before = here.ledger(MODEL).champion()
        assert before is not None
        if before.version == version:
            continue
        entry = LedgerEntry(
            datetime.now(tz=UTC),
            MODEL,
            None,
            "promoted",
            version,
            "a run",
            onnx_sha256,
            previous_champion=before.version,
            dagster_run_id=f"{version}-{number}",
        )
        try:
            won += here.ledger(MODEL).promote(entry, expected_champion=before.version)
        except ChampionChanged:
            continue
        current_champion(here, MODEL)
    return won


def champion() -> list[str]:
    """Return the champion as the ledger says it, and as MLflow does."""
    here = stores()
    told, mirrored = current_champion(here, MODEL), here.registry.champion(MODEL)
    assert told is not None
    assert mirrored is not None
    return [told.version, mirrored.version]


VERBS: dict[str, Callable[..., Any]] = {
    verb.__name__: verb for verb in (job, command, prediction, register, promote, champion)
}

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    answers, sys.stdout = sys.stdout, sys.stderr  # nobody else's words among the answers
    for line in sys.stdin:
        verb, *arguments = json.loads(line)
        print(json.dumps(VERBS[verb](*arguments)), file=answers, flush=True)
