"""``ml-platform demo``: the whole loop of the model `flights`, on the real data of January to May 2013."""

from __future__ import annotations

import logging
import textwrap
import time
from dataclasses import dataclass
from functools import cached_property

import click
import dagster as dg
from rich.console import Console

from ml_platform.cli.demo_phases import AFTER_DRIFT, BEFORE_DRIFT, MODEL, RETRAIN, Phase, fingerprint
from ml_platform.cli.demo_record import DemoRecord
from ml_platform.cli.demo_story import closing, story
from ml_platform.cli.project import OURS, Project
from ml_platform.errors import PlatformError
from ml_platform.orchestration.execution.dagster_home import ensure_dagster_home
from ml_platform.orchestration.execution.run_job import run_job
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores

WIDTH = 80
FURTHER = f"""\
Look further:
  make dev      the graph, the runs and the reports in a browser
  .venv/bin/ml-platform run {MODEL}_score --partition 2013-06
  .venv/bin/ml-platform asset check --select group:{MODEL} --partition 2013-01"""


SENSOR = f"{MODEL}_drift_sensor"
CLOSING = "closing"


@click.command()
def demo() -> None:
    """Run the loop of the model flights on real data, as far as it has not been run."""
    ensure_dagster_home()
    stores = Stores(Installation.from_environment())
    logging.disable(logging.INFO)  # the demo says itself what the sensor decides
    record = DemoRecord.open(stores.installation.data / "demo.json", fingerprint(stores))
    if record.is_outdated:
        click.echo("Data, model or code have changed since the last demo: it runs on what is stored.")
        click.echo("To start afresh, without anything that is stored: make clean demo")
    with dg.DagsterInstance.get() as instance:
        Runner(instance, stores, Console(), record).run_all()


@dataclass
class Runner:
    """Runs the phases that the record does not have, and tells all of them."""

    instance: dg.DagsterInstance
    stores: Stores
    console: Console
    record: DemoRecord
    n_run: int = 0

    @cached_property
    def definitions(self) -> dg.Definitions:
        """The model, loaded when the first phase needs it."""
        return Project(OURS.parents[1], OURS).definitions(MODEL)

    def run_all(self) -> None:
        """Run the loop, and end with one sentence on how it ended."""
        started = time.monotonic()
        for phase in BEFORE_DRIFT:
            self.run(phase)
        self.run_sensor(RETRAIN)
        self.run(AFTER_DRIFT)
        self.console.print(f"\n{FURTHER}\n", markup=False, highlight=False)
        done = f"{self.n_run} runs in {time.monotonic() - started:.0f} s." if self.n_run else "Nothing to redo."
        self.tell([f"{self._closing()} {done}"], indent="")

    def run(self, phase: Phase, tags: dict[str, str] | None = None) -> None:
        """Run a phase, unless it has been, and tell what came of it.

        Raises
        ------
        PlatformError
            When the run failed.
        """
        key = f"{phase.job} {phase.partition}"
        self._head(phase.title, key)
        if key not in self.record:
            self.n_run += 1
            with self.console.status("starting") as status:
                outcome = run_job(
                    self.definitions,
                    self.instance,
                    phase.job,
                    partition=phase.partition,
                    tags=tags,
                    on_step=lambda done: status.update(str(done)),
                )
            if not outcome.success:
                self.tell(outcome.problems)
                raise PlatformError(
                    f"The demo stopped at {key}. Its log: {outcome.log}. To go on from there: make demo"
                )
            self.record.add(key, story(self.stores, MODEL, phase.verb, phase.partition))
        self.tell(self.record[key])

    def run_sensor(self, phase: Phase) -> None:
        """Ask the real sensor, and run what it requests, unless that has been done."""
        self._head("The drift sensor looks at April's report", SENSOR)
        if SENSOR in self.record:
            self.tell(self.record[SENSOR])
            self.run(phase)
            return
        sensor = self.definitions.resolve_sensor_def(SENSOR)
        context = dg.build_sensor_context(
            self.instance, definitions=self.definitions, sensor_name=SENSOR, resources={"stores": self.stores}
        )
        tick = sensor.evaluate_tick(context)
        if tick.skip_message:
            self.tell([f"No retrain: {tick.skip_message}"])
        for request in tick.run_requests or []:
            reason = f"It asks for a retrain: {request.tags['ml_platform/reason']}"
            self.tell([reason])
            self.run(phase, dict(request.tags))
            self.record.add(SENSOR, [reason])

    def _head(self, title: str, name: str) -> None:
        self.console.print(f"[bold]{title}[/bold]  [dim]{name}[/dim]", highlight=False)

    def _closing(self) -> str:
        """Return how the loop ended; kept as soon as the sensor has asked, since before that it may still do so."""
        if CLOSING in self.record:
            return self.record[CLOSING][0]
        asked = SENSOR in self.record
        said = closing(self.stores, MODEL, RETRAIN.partition, AFTER_DRIFT.partition, asked=asked)
        if asked:
            self.record.add(CLOSING, [said])
        return said

    def tell(self, lines: list[str] | tuple[str, ...], indent: str = "  ") -> None:
        """Print lines that no terminal of 80 columns or more wraps."""
        for line in lines:
            wrapped = textwrap.fill(line, WIDTH, initial_indent=indent, subsequent_indent=indent)
            self.console.print(wrapped, markup=False, highlight=False, soft_wrap=True)
