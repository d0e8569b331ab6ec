"""HTML reports in the object store, the current one of each asset and partition."""

from dataclasses import dataclass

from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.database.connection import Database
from ml_platform.stores.objects import ObjectStore
from ml_platform.stores.recorded_objects import record_object

PREFIX = "reports"


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

    def address(self, artifact: ArtifactKey) -> str:
        """Return the address at which a page is, or would be, served."""
        return f"{self.url.rstrip('/')}/{artifact}.html"

    def exists(self, artifact: ArtifactKey) -> bool:
        """Return whether a page is stored."""
        return self.objects.head(_key(artifact)) is not None

    def read(self, artifact: ArtifactKey) -> bytes | None:
        """Return a stored page, or None."""
        return self.objects.get(_key(artifact))


def _key(artifact: ArtifactKey) -> str:
    return f"{PREFIX}/{artifact}.html"
