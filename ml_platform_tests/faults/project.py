"""A project with one small model, in which commands run as processes of their own that can be killed and hindered.

A process is forked from one that has imported everything, so that it costs as little as what it does.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import shutil
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pandas as pd
import yaml

from ml_platform_tests.small_models import pyproject, table, write_model

MODEL = "tumours"
N_EARLIER = 450
"""Rows of the raw file at first; a later one has all of them."""

SECONDS = 240
"""A process that takes longer does not end by itself."""

OURS = ("DAGSTER", "MLFLOW", "ML_PLATFORM")
"""How the names of the variables begin that a command gets from the test or not at all."""

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["ml_platform_tests.faults.imported"])

Hindrance = Callable[[], object]
"""Called in a process before its command. It can be pickled."""


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it printed."""

    exit_code: int
    text: str


@dataclass
class Project:
    """A project, and what every process in it meets: variables of the environment, and a hindrance.

    What has to be ended with the project is pushed to `closing`.
    """

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    hindrance: Hindrance | None = None
    closing: ExitStack = field(default_factory=ExitStack)

    @classmethod
    def make(cls, folder: Path) -> Project:
        """Make a project whose model is as quick as it can be; its raw file has the earlier rows."""
        defs = write_model(MODEL, folder / "clinic" / "defs") / "defs.yaml"
        document = yaml.safe_load(defs.read_text())
        document["attributes"]["training"]["estimators"] = {"logistic_regression": {}}
        document["attributes"]["evaluation"]["resamples"] = 100
        defs.write_text(yaml.safe_dump(document, sort_keys=False))
        (folder / "clinic" / "__init__.py").touch()
        (folder / "pyproject.toml").write_text(pyproject("clinic"))
        made = cls(folder)
        made.raw.parent.mkdir(parents=True)
        table(MODEL).head(N_EARLIER).to_parquet(made.raw)
        return made

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def raw(self) -> Path:
        return self.data / "raw" / f"{MODEL}.parquet"

    @property
    def mlflow(self) -> str:
        """Address of MLflow's database."""
        return f"sqlite:///{self.data / 'mlflow' / 'mlflow.db'}"

    def copy(self, folder: Path) -> Project:
        shutil.copytree(self.folder, folder)
        return Project(folder)

    def deliver(self) -> None:
        """Replace the raw file by the later one, which has more rows."""
        later: pd.DataFrame = table(MODEL)
        later.to_parquet(self.raw)

    def call(self, *arguments: str, hindrance: Hindrance | None = None) -> Said:
        """Run ``ml-platform`` in the project."""
        return self.run(_command, arguments, hindrance=hindrance)

    def run(self, work: Callable[..., object], *arguments: object, hindrance: Hindrance | None = None) -> Said:
        """Run a function in a process in the project's folder."""
        log = self.folder / "said.txt"
        process = self.start(work, *arguments, hindrance=hindrance, log=log)
        process.join(SECONDS)
        if process.exitcode is None:
            process.kill()
            raise TimeoutError(f"{arguments} does not end: {log.read_text()}")
        return Said(process.exitcode, self._plain(log.read_text()))

    def start(
        self, work: Callable[..., object], *arguments: object, hindrance: Hindrance | None = None, log: Path
    ) -> ForkServerProcess:
        """Start a process that calls a function in the project's folder and prints to a file."""
        before = [one for one in (self.hindrance, hindrance) if one is not None]
        process = PROCESSES.Process(target=Work(self.folder, log, self.environment, before, work, arguments))
        process.start()
        return process

    def _plain(self, text: str) -> str:
        """Return what was printed without colours, and without where the project is."""
        return re.sub(r"\x1b\[[0-9;]*m", "", text).replace(f"{self.folder}/", "")


@dataclass(frozen=True)
class Work:
    """What a process does."""

    folder: Path
    log: Path
    environment: dict[str, str]
    hindrances: list[Hindrance]
    work: Callable[..., object]
    arguments: tuple[object, ...]

    def __call__(self) -> None:
        os.chdir(self.folder)
        for name in [name for name in os.environ if name.startswith(OURS)]:
            del os.environ[name]
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))  # commands are told without it
        os.environ.update(self.environment, GIT_COMMIT="tested", NO_COLOR="1", COLUMNS="200", PATH=path)
        descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(descriptor, stream)
        for hindrance in self.hindrances:
            hindrance()
        self.work(*self.arguments)


def _command(arguments: tuple[str, ...]) -> None:
    from ml_platform.cli.main import main

    sys.argv = ["ml-platform", *arguments]
    main()
