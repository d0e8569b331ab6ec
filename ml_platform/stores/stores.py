"""All stores of one installation, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ml_platform.errors import DataError
from ml_platform.stores.git import platform_code
from ml_platform.stores.installation import DATABASE_FILE, Installation

if TYPE_CHECKING:  # these import pandas, SQLAlchemy, obstore or MLflow, which loading the code location does not need
    from ml_platform.stores.database.connection import Database
    from ml_platform.stores.documents import DocumentStore
    from ml_platform.stores.ledger import Ledger
    from ml_platform.stores.manifests import ManifestStore
    from ml_platform.stores.mlflow.connection import Connection
    from ml_platform.stores.mlflow.registry import Registry
    from ml_platform.stores.mlflow.runs import Runs
    from ml_platform.stores.objects import ObjectStore
    from ml_platform.stores.raw import RawStore
    from ml_platform.stores.reports import ReportStore
    from ml_platform.stores.tables import TableStore


@dataclass(frozen=True)
class Stores:
    """Opened lazily: nothing is touched before it is used."""

    installation: Installation

    @cached_property
    def code(self) -> str:
        """Git commit or release of the platform that runs, which everything that is stored records."""
        return platform_code(Path(__file__).parents[1])

    @cached_property
    def database(self) -> Database:
        """The facts."""
        from ml_platform.stores.database.connection import Database

        validate_layout(self.installation)
        return Database(self.installation.database_url)

    @cached_property
    def objects(self) -> ObjectStore:
        """The content."""
        from ml_platform.stores.objects import ObjectStore

        return ObjectStore(self.installation.store_url)

    @cached_property
    def manifests(self) -> ManifestStore:
        """What every version of every table and document was made from."""
        from ml_platform.stores.manifests import ManifestStore

        return ManifestStore(self.database, self.code)

    @cached_property
    def raw(self) -> RawStore:
        """Source files. Each is hashed once by one `Stores`."""
        from ml_platform.stores.raw import RawStore

        return RawStore(self.installation.raw_url, self.installation.dvc_lock)

    @cached_property
    def tables(self) -> TableStore:
        """Tables that the platform makes."""
        from ml_platform.stores.tables import TableStore

        return TableStore(self.manifests, self.objects)

    @cached_property
    def documents(self) -> DocumentStore:
        """Validation results, evaluations, decisions, drift reports."""
        from ml_platform.stores.documents import DocumentStore

        return DocumentStore(self.manifests)

    @cached_property
    def reports(self) -> ReportStore:
        """HTML reports."""
        from ml_platform.stores.reports import ReportStore

        return ReportStore(self.database, self.objects, self.installation.reports_url)

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
        from ml_platform.stores.ledger import Ledger

        return Ledger(self.database, model)


OLDER_LAYOUT = ("tables", "documents", "ledger")
"""Folders in which older versions of the platform kept what now is in the database and in the object store."""


def validate_layout(installation: Installation) -> None:
    """Raise when an older version of the platform has made the data folder."""
    old = [installation.data / name for name in OLDER_LAYOUT if (installation.data / name).is_dir()]
    if old and not (installation.data / DATABASE_FILE).exists():
        raise DataError(
            f"{', '.join(map(str, old))}: an older version of the platform has made this, and this one cannot read it. "
            "Run: make clean (it keeps the raw data), then make everything again"
        )
