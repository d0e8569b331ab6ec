"""HTML reports in the object store, the current one of each asset and partition."""

from dataclasses import dataclass

from ml_platform.stores.artifact import WHOLE
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

    def write(self, model: str, asset: str, partition: str | None, page: bytes) -> str:
        """Store a page and return the address at which it is served."""
        path = _path(model, asset, partition)
        with self.database.writing(f"{PREFIX}/{path}") as connection:
            record_object(connection, f"{PREFIX}/{path}", page)
            self.objects.put(f"{PREFIX}/{path}", page)
        return self.address(model, asset, partition)

    def address(self, model: str, asset: str, partition: str | None) -> str:
        """Return the address at which a page is, or would be, served."""
        return f"{self.url.rstrip('/')}/{_path(model, asset, partition)}"

    def exists(self, model: str, asset: str, partition: str | None) -> bool:
        """Return whether a page is stored."""
        return self.objects.exists(f"{PREFIX}/{_path(model, asset, partition)}")

    def read(self, model: str, asset: str, partition: str | None) -> bytes | None:
        """Return a stored page, or None."""
        return self.objects.get(f"{PREFIX}/{_path(model, asset, partition)}")


def _path(model: str, asset: str, partition: str | None) -> str:
    return f"{model}/{asset}/{partition or WHOLE}.html"
