"""One installation of the platform in a folder, with a Dagster instance of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

from ml_platform.orchestration.execution.execute import Outcome
from ml_platform.orchestration.execution.run_checks import CheckResult, run_checks
from ml_platform.orchestration.execution.run_job import run_job
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.installation import DATA, TRACKING, Installation
from ml_platform.stores.stores import Stores

RAW = Path(__file__).parents[1] / "data" / "raw"
"""The real data, which `make test` fetches first."""


@dataclass
class Place:
    """What a test does with an installation."""

    folder: Path
    definitions: dg.Definitions
    instance: dg.DagsterInstance

    @classmethod
    @contextmanager
    def open(cls, folder: Path, definitions: dg.Definitions) -> Iterator[Place]:
        with dg.DagsterInstance.ephemeral() as instance:
            yield cls(folder, definitions, instance)

    @classmethod
    @contextmanager
    def open_copy(cls, folder: Path, copy: Path, definitions: dg.Definitions) -> Iterator[Place]:
        """Open a copy of an installation, which a test may change."""
        shutil.copytree(folder, copy)
        with cls.open(copy, definitions) as place:
            yield place

    @property
    def stores(self) -> Stores:
        return Stores(
            Installation(self.folder, os.environ.get(TRACKING, f"sqlite:///{self.folder / 'mlflow' / 'mlflow.db'}"))
        )

    def raw(self, name: str) -> Path:
        return self.folder / "raw" / name

    def deliver(self, *months: str) -> None:
        """Put the real files of months of flights among the raw data."""
        for month in months:
            shutil.copy(RAW / "flights" / f"{month}.parquet", self.raw(f"flights/{month}.parquet"))

    def run(self, job: str, partition: str | None, tags: dict[str, str] | None = None) -> Outcome:
        with self.environment():
            return run_job(self.definitions, self.instance, job, partition=partition, tags=tags)

    def check(self, select: str, partition: str | None) -> list[CheckResult]:
        with self.environment():
            return run_checks(self.definitions, self.instance, select=select, partition=partition)

    def failed(self, select: str, partition: str | None) -> dict[str, str]:
        """Return the messages of the checks that failed, but for summaries, by asset and check."""
        found = [one for one in self.check(select, partition) if one.status == "failed" and one.check != "all_checks"]
        return {f"{result.asset} {result.check}": result.message for result in found}

    @contextmanager
    def environment(self) -> Iterator[None]:
        """Point the platform to this folder, and undo it: MLflow too writes its address into the environment."""
        before = dict(os.environ)
        os.environ[DATA] = str(self.folder)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def read_report(stores: Stores, model: str, asset: str, partition: str | None) -> str:
    """Return a stored HTML report."""
    page = stores.reports.read(ArtifactKey(model, asset, partition))
    assert page is not None
    return page.decode()
