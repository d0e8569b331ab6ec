"""A Dagster project of somebody else, in a temporary folder, and `ml-platform new` called in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_shared.utils.warnings import disable_dagster_warnings
from rich.console import Console

from ml_platform.cli.new import create_model
from ml_platform.orchestration.graph import build_pipeline
from ml_platform.orchestration.resources import mlflow, stores
from ml_platform.pipeline.delivery.deliver import deliver
from ml_platform.pipeline.model import Model
from ml_platform.scaffold.inferred_model import InferredModel
from ml_platform.spec import load_spec
from ml_platform.stores.installation import DATA, Installation
from ml_platform.stores.stores import Stores
from ml_platform_tests.small_models import pyproject

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class ForeignProject:
    root: Path
    console: Console

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def defs(self) -> Path:
        return self.root / "shop" / "defs"

    def new(self, name: str, file: Path, target: str, **options: Any) -> InferredModel:
        with self._inside():
            return create_model(
                name, file, {"target": target, **options}, console=self.console, command="ml-platform new"
            )

    def add(self, name: str, stated: Path, *, replace: bool = False, now: datetime = NOW) -> list[str]:
        """Deliver a file, and return what is told of each partition."""
        told: list[str] = []
        deliver(self.model(name), self.stores, stated, now, replace=replace, tell=told.append)
        return told

    @property
    def stores(self) -> Stores:
        with self._inside():
            return Stores(Installation.from_environment())

    def model(self, name: str) -> Model:
        return Model.load(load_spec(self.defs / name), self.defs / name)

    def definitions(self, name: str) -> dg.Definitions:
        resources = dg.Definitions(resources={"stores": stores, "mlflow": mlflow}, executor=dg.in_process_executor)
        with disable_dagster_warnings():
            return dg.Definitions.merge(build_pipeline(self.model(name)), resources)

    @contextmanager
    def _inside(self) -> Iterator[None]:
        folder, data = Path.cwd(), os.environ.get(DATA)
        os.chdir(self.root)
        os.environ[DATA] = str(self.data)
        try:
            yield
        finally:
            os.chdir(folder)
            os.environ.pop(DATA) if data is None else os.environ.update({DATA: data})


def foreign_project(root: Path) -> ForeignProject:
    (root / "shop" / "defs").mkdir(parents=True)
    (root / "pyproject.toml").write_text(pyproject("shop"), encoding="utf-8")
    (root / "shop" / "__init__.py").touch()
    return ForeignProject(root, Console(record=True, width=160, file=StringIO()))
