"""The report site: what answers a path. It reads, and writes nothing."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote

from ml_platform.reports.data_docs import DataDocs
from ml_platform.reports.facts import Facts
from ml_platform.reports.index import model_page, models_page
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.mlflow.addresses import VIEW
from ml_platform.stores.reports import PREFIX, SHARED, data_docs_path
from ml_platform.stores.stores import Stores

HTML = "text/html; charset=utf-8"
TYPES = {
    ".html": HTML,
    ".css": "text/css",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".otf": "font/otf",
}
"""Ending → type, of all that is served."""


@dataclass(frozen=True)
class Reply:
    """What a browser gets."""

    content: bytes
    type: str = HTML
    location: str = ""
    """Where it goes on, if it is elsewhere."""


class Site:
    """Answers paths. Several threads may ask."""

    def __init__(self, stores: Stores) -> None:
        self.stores = stores
        self.facts = Facts(stores)
        self.data_docs = DataDocs(stores)

    def answer(self, path: str) -> Reply | None:
        """Return what is at a path (decoded, without the first slash), or None when nothing is.

        StoreUnavailable or DataError is raised when a store cannot be read.
        """
        parts = path.split("/")
        if ".." in parts:
            return None
        found = self._of_no_model(parts[1:]) if parts[0] == SHARED else self._index(parts)
        return found or self._stored(path)

    def _index(self, parts: list[str]) -> Reply | None:
        match parts:
            case [""]:
                return _page(models_page([self.facts.model(name) for name in self.facts.models()]))
            case [model] if model in self.facts.models():
                return _elsewhere(f"/{quote(model)}/")
            case [model, ""] if model in self.facts.models():
                return _page(model_page(self.facts.model(model), self.stores.reports.pages(model)))
        return None

    def _of_no_model(self, parts: list[str]) -> Reply | None:
        match parts:
            case ["dagster", *names]:
                return self._dagster(ArtifactKey.parse("/".join(names)))
            case ["mlflow", model, version]:
                ui = self.stores.installation.mlflow_ui
                return _elsewhere(f"{ui}/#/models/{quote(model)}/versions/{quote(version)}{VIEW}")
            case ["data_docs", model, asset, partition, ""]:
                return self._data_docs_entry(ArtifactKey(model, asset, partition))
            case ["data_docs", model, asset, partition, *rest]:
                return self._data_docs(ArtifactKey(model, asset, partition), "/".join(rest))
        return None

    def _dagster(self, artifact: ArtifactKey | None) -> Reply | None:
        if artifact is None:
            return None
        asset = f"{self.stores.installation.dagster_ui}/assets/{quote(artifact.model)}/{quote(artifact.asset)}"
        return _elsewhere(
            f"{asset}?view=partitions&partition={quote(artifact.partition)}" if artifact.partition else asset
        )

    def _data_docs_entry(self, contract: ArtifactKey) -> Reply | None:
        entry = self.data_docs.entry(contract)
        return _elsewhere(f"/{quote(data_docs_path(contract) + entry)}") if entry else None

    def _data_docs(self, contract: ArtifactKey, path: str) -> Reply | None:
        kind = TYPES.get(PurePosixPath(path).suffix, "")
        content = self.data_docs.read(contract, path) if kind else None
        return None if content is None else Reply(content, kind)

    def _stored(self, path: str) -> Reply | None:
        is_page, is_shared = path.endswith(".html"), path.startswith(f"{SHARED}/") and path.endswith(".js")
        content = self.stores.objects.get(f"{PREFIX}/{path}") if is_page or is_shared else None
        return Reply(content, TYPES[PurePosixPath(path).suffix]) if content is not None else None


def _page(html: str) -> Reply:
    return Reply(html.encode())


def _elsewhere(location: str) -> Reply:
    return Reply(b"", location=location)
