"""``ml-platform demo``: the whole loop of the model `flights`, on the real data of January to May 2013."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import click
import dagster as dg
from rich.console import Console

from ml_platform.cli.demo_summary import print_summary
from ml_platform.definitions import defs
from ml_platform.orchestration.execution.dagster_home import ensure_dagster_home
from ml_platform.orchestration.execution.run_job import run_job
from ml_platform.stores.files import digest
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores

MODEL = "flights"
PHASE_TAG = "ml_platform/demo_phase"
FINGERPRINT_TAG = "ml_platform/demo_fingerprint"


@dataclass(frozen=True)
class Phase:
    """One run of the demo."""

    title: str
    job: str
    partition: str


BEFORE_DRIFT = (
    Phase("January: contracts, features, the first model", "flights_train", "2013-01"),
    Phase("January: scored by that model, compared with its reference", "flights_score", "2013-01"),
    Phase("February: contracts, features", "flights_ingest", "2013-02"),
    Phase("March: contracts, features; a model on January to March, against the champion", "flights_train", "2013-03"),
    Phase("April arrives: contracts, features, predictions, drift", "flights_score", "2013-04"),
)
RETRAIN = Phase("The drift sensor has triggered a retraining: candidate against champion", "flights_train", "2013-04")
AFTER_DRIFT = Phase("May is scored by the current champion", "flights_score", "2013-05")


@click.command()
def demo() -> None:
    """Run the loop of the model `flights` on real data; what is done and unchanged is not done again."""
    console = Console()
    ensure_dagster_home()
    stores = Stores(Installation.from_environment())
    logging.disable(logging.INFO)  # the demo says itself what the sensor decides
    with dg.DagsterInstance.get() as instance:
        runner = Runner(instance, stores, console, fingerprint(stores))
        started = time.monotonic()
        for phase in BEFORE_DRIFT:
            runner.run(phase)
        runner.run_sensor(RETRAIN)
        runner.run(AFTER_DRIFT)
        seconds = time.monotonic() - started
    print_summary(console, stores, MODEL)
    if runner.n_run:
        console.print(f"\n{runner.n_run} runs in {seconds:.0f} s.")
    else:
        console.print(f"\nNothing to redo: data and code are those of the last demo ({seconds:.0f} s).")


def fingerprint(stores: Stores) -> str:
    """Return a digest of all that the demo depends on: the recorded raw data, and the platform's own files."""
    package = Path(__file__).parents[1]
    files = [stores.installation.dvc_lock, *sorted((*package.rglob("*.py"), *package.rglob("*.yaml")))]
    content = b"".join(digest(file.read_bytes()).encode() for file in files if file.exists())
    return digest(content)[:16]


@dataclass
class Runner:
    """Runs phases that have not been run on the same data and code."""

    instance: dg.DagsterInstance
    stores: Stores
    console: Console
    fingerprint: str
    n_run: int = 0

    @cached_property
    def definitions(self) -> dg.Definitions:
        """The code location, loaded when the first phase needs it."""
        return defs()

    def run(self, phase: Phase, tags: dict[str, str] | None = None) -> None:
        """Run a phase, unless it has been."""
        if self._done_before(phase):
            return
        self.n_run += 1
        self.console.print(f"[bold]{phase.title}[/bold]  ({phase.job} {phase.partition})")
        started = time.monotonic()
        with self.console.status("starting") as status:
            outcome = run_job(
                self.definitions,
                self.instance,
                phase.job,
                partition=phase.partition,
                tags={**self._tags(phase), **(tags or {})},
                on_step=lambda step: status.update(f"done: {step}"),
            )
        for problem in outcome.problems:
            self.console.print(f"  {problem}", style="yellow", markup=False)
        ended = "" if outcome.success else ", stopped by a blocking check or an error"
        self.console.print(f"  {time.monotonic() - started:.0f} s{ended}")

    def run_sensor(self, phase: Phase) -> None:
        """Ask the real sensor, and run what it requests."""
        if self._done_before(phase):
            return
        self.console.print(f"[bold]{MODEL}_drift_sensor[/bold] looks at the newest drift report")
        sensor = self.definitions.resolve_sensor_def(f"{MODEL}_drift_sensor")
        context = dg.build_sensor_context(
            self.instance, definitions=self.definitions, sensor_name=sensor.name, resources={"stores": self.stores}
        )
        tick = sensor.evaluate_tick(context)
        if tick.skip_message:
            self.console.print(f"  no retrain: {tick.skip_message}", markup=False)
        for request in tick.run_requests or []:
            self.console.print(f"  {request.tags['ml_platform/reason']}", markup=False)
            self.run(phase, dict(request.tags))

    def _tags(self, phase: Phase) -> dict[str, str]:
        return {PHASE_TAG: f"{phase.job} {phase.partition}", FINGERPRINT_TAG: self.fingerprint}

    def _done_before(self, phase: Phase) -> bool:
        """Return, and say, whether a run succeeded."""
        succeeded = dg.RunsFilter(tags=self._tags(phase), statuses=[dg.DagsterRunStatus.SUCCESS])
        done = self.instance.get_runs_count(succeeded) > 0
        if done:
            self.console.print(f"[dim]done before: {phase.title}[/dim]")
        return done
