"""All stores of one installation, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ml_platform.stores.git import platform_code
from ml_platform.stores.installation import Installation
from ml_platform.stores.ledger import Ledger
from ml_platform.stores.records import Records
from ml_platform.stores.shelf import DocumentStore
from ml_platform.stores.tables import TableStore

if TYPE_CHECKING:
    from ml_platform.stores.mlflow.connection import Connection
    from ml_platform.stores.mlflow.registry import Registry
    from ml_platform.stores.mlflow.runs import Runs
    from ml_platform.stores.raw import RawStore


@dataclass(frozen=True)
class Stores:
    """Opened lazily: nothing is touched before it is used."""

    installation: Installation

    @cached_property
    def code(self) -> str:
        """Git commit or release of the platform that runs, which everything that is stored records."""
        return platform_code(Path(__file__).parents[1])

    @cached_property
    def records(self) -> Records:
        """What every version of every table and document was made from."""
        return Records(self.installation.tables, self.installation.documents)

    @cached_property
    def raw(self) -> RawStore:
        """Source files. Each is hashed once by one `Stores`."""
        from ml_platform.stores.raw import RawStore

        return RawStore(self.installation.raw_url, self.installation.dvc_lock)

    @cached_property
    def tables(self) -> TableStore:
        """Tables that the platform makes."""
        return TableStore(self.installation.tables, beside=[self.installation.documents], code=self.code)

    @cached_property
    def documents(self) -> DocumentStore:
        """Verdicts, evaluations, decisions, drift reports."""
        return DocumentStore(self.installation.documents, beside=[self.installation.tables], code=self.code)

    @cached_property
    def mlflow(self) -> Connection:
        """MLflow, which takes seconds to import."""
        from ml_platform.stores.mlflow.connection import Connection

        return Connection(self.installation.tracking_uri, self.installation.mlflow_ui, self.installation.store_url)

    @cached_property
    def runs(self) -> Runs:
        """Candidates and the runs that made them, in MLflow."""
        from ml_platform.stores.mlflow.runs import Runs

        return Runs(self.mlflow)

    @cached_property
    def registry(self) -> Registry:
        """Registered versions and their aliases, in MLflow."""
        from ml_platform.stores.mlflow.registry import Registry

        return Registry(self.mlflow)

    def ledger(self, model: str) -> Ledger:
        """Who was champion of a model when, and why."""
        return Ledger(self.installation.ledger / f"{model}.jsonl")

    def report(self, model: str, asset: str, partition: str | None) -> Path:
        """Return the path of an asset's HTML report."""
        return self.installation.reports / model / asset / f"{partition or 'whole'}.html"
