"""HTML reports in the object store, the current one of each asset and partition, and where the report site has them."""

from dataclasses import dataclass

from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.database.connection import Database
from ml_platform.stores.objects import ObjectStore
from ml_platform.stores.recorded_objects import record_object

PREFIX = "reports"

SHARED = "-"
"""Stands where a model's name would: what belongs to no model. It can be no model's name."""

CONTRACT, EVIDENTLY = "contract_", "evidently"


@dataclass(frozen=True)
class ReportStore:
    """Reports at ``reports/<model>/<asset>/<partition>.html``."""

    database: Database
    objects: ObjectStore
    url: str
    """Address at which the reports are served."""

    def write(self, artifact: ArtifactKey, page: bytes) -> None:
        """Store a page."""
        with self.database.writing(_key(artifact)) as connection:
            record_object(connection, _key(artifact), page)
            self.objects.put(_key(artifact), page)

    def write_shared(self, name: str, content: bytes) -> None:
        """Store a file that pages of all models load; the name says its version, so one that is there stays."""
        key = f"{PREFIX}/{shared_path(name)}"
        if self.objects.head(key) is None:
            self.objects.put(key, content)

    def address(self, artifact: ArtifactKey) -> str:
        """Return the address at which a page is, or would be, served."""
        return f"{self.url.rstrip('/')}/{page_path(artifact)}"

    def exists(self, artifact: ArtifactKey) -> bool:
        """Return whether a page is stored."""
        return self.objects.head(_key(artifact)) is not None

    def read(self, artifact: ArtifactKey) -> bytes | None:
        """Return a stored page, or None."""
        return self.objects.get(_key(artifact))

    def pages(self, model: str) -> set[str]:
        """Return the paths of the stored pages of a model."""
        return {found.key.removeprefix(f"{PREFIX}/") for found in self.objects.list(f"{PREFIX}/{model}")}


def page_path(artifact: ArtifactKey) -> str:
    """Return the path of a page in the report site."""
    return f"{artifact}.html"


def shared_path(name: str) -> str:
    """Return the path of a file that pages of all models load."""
    return f"{SHARED}/{name}"


def dagster_path(artifact: ArtifactKey) -> str:
    """Return the path that leads to an asset in Dagster's UI, wherever that is when somebody follows it."""
    return f"{SHARED}/dagster/{artifact}"


def mlflow_path(model: str, version: str) -> str:
    """Return the path that leads to a model version in MLflow's UI, likewise."""
    return f"{SHARED}/mlflow/{model}/{version}"


def data_docs_path(artifact: ArtifactKey) -> str:
    """Return the path of Great Expectations' Data Docs of the validation result that a contract's page is about."""
    return f"{SHARED}/data_docs/{artifact}/"


def made_with(artifact: ArtifactKey) -> ArtifactKey:
    """Return the asset whose materialization writes a page."""
    if artifact.asset.startswith(CONTRACT):
        return artifact._replace(asset=f"valid_{artifact.asset.removeprefix(CONTRACT)}")
    return artifact._replace(asset="drift") if artifact.asset == EVIDENTLY else artifact


def _key(artifact: ArtifactKey) -> str:
    return f"{PREFIX}/{page_path(artifact)}"
