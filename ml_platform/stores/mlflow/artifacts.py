"""MLflow's artifacts in the platform's object store: MLflow loads this module, by the scheme of an artifact's address.

An address like ``ml-platform:/mlflow/<run>/artifacts`` says which object, and not where the object store is. So the
folder or bucket may move, and the addresses in MLflow's database stay right.
"""

import os
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import mlflow
from mlflow.entities import FileInfo
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import RESOURCE_DOES_NOT_EXIST
from mlflow.store.artifact.artifact_repo import ArtifactRepository, verify_artifact_path

from ml_platform.stores.installation import Installation
from ml_platform.stores.objects import ObjectStore

ROOT = "ml-platform:/mlflow"
"""Address of all artifacts. Its scheme is the name of the entry point in pyproject.toml."""

STORES: dict[str, str] = {}
"""URL of the object store of each MLflow that this process has connected to, by tracking URI.

Another process, such as MLflow's server, learns it from the environment."""


class ObjectStoreArtifacts(ArtifactRepository):  # type: ignore[misc]
    """The artifacts below one address."""

    def __init__(self, artifact_uri: str, tracking_uri: str | None = None, registry_uri: str | None = None) -> None:
        super().__init__(artifact_uri, tracking_uri, registry_uri)
        url = STORES.get(tracking_uri or mlflow.get_tracking_uri()) or Installation.from_environment().store_url
        self._objects = ObjectStore(url)
        self._root = PurePosixPath(urlsplit(artifact_uri).path.lstrip("/"))

    def log_artifact(self, local_file: str, artifact_path: str | None = None) -> None:
        """Store a file in a folder of the artifacts."""
        verify_artifact_path(artifact_path)
        file = Path(local_file)
        self._objects.put(self._key(artifact_path, file.name), file.read_bytes())

    def log_artifacts(self, local_dir: str, artifact_path: str | None = None) -> None:
        """Store every file of a local folder in a folder of the artifacts."""
        verify_artifact_path(artifact_path)
        for file in sorted(path for path in Path(local_dir).rglob("*") if path.is_file()):
            self._objects.put(self._key(artifact_path, file.relative_to(local_dir).as_posix()), file.read_bytes())

    def list_artifacts(self, path: str | None = None) -> list[FileInfo]:
        """Return files and folders directly below a folder, relative to the address; nothing for a file."""
        folder = PurePosixPath(self._key(path))
        found: dict[str, FileInfo] = {}
        for one in self._objects.list(f"{folder}/"):
            relative = PurePosixPath(one.key).relative_to(folder)
            name = str((folder / relative.parts[0]).relative_to(self._root))
            is_dir = len(relative.parts) > 1
            found[name] = FileInfo(name, is_dir, None if is_dir else one.n_bytes)
        return [found[name] for name in sorted(found)]

    def _download_file(self, remote_file_path: str, local_path: str) -> None:
        content = self._objects.get(self._key(remote_file_path))
        if content is None:
            where = self._objects.where(self._key(remote_file_path))
            raise MlflowException(f"No such artifact: {where}", error_code=RESOURCE_DOES_NOT_EXIST)
        Path(local_path).write_bytes(content)

    def delete_artifacts(self, artifact_path: str | None = None) -> None:
        """Remove a file, or everything below a folder."""
        key = self._key(artifact_path)
        below = [one.key for one in self._objects.list(f"{key}/")]
        for one in below or [key]:
            self._objects.delete(one)

    def _key(self, *parts: str | None) -> str:
        relative = os.path.normpath("/".join(part for part in parts if part))
        if relative.startswith(("/", "..")):
            raise MlflowException(f"'{relative}' leads out of {self.artifact_uri}")
        return str(self._root / relative)
