"""The object store: content by key, in a local folder or a bucket."""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url

from ml_platform.errors import StoreUnavailable

T = TypeVar("T")

STAGING = ".staging"
"""Folder of a local store in which an object is written before it gets its key."""

ABANDONED = timedelta(hours=1)
"""Age at which an object under `STAGING` is what a killed writer left."""

RETRIES: Any = {"max_retries": 5, "retry_timeout": timedelta(seconds=30)}
ERRORS = (BaseError, OSError, ValueError)
CLIENT: Any = {"allow_http": True}  # the scheme is the endpoint's choice


class StoredObject(NamedTuple):
    """An object, without its content."""

    key: str
    n_bytes: int
    modified_at: datetime
    etag: str
    """What changes whenever the content is written again."""


class ObjectStore:
    """Objects below a URL: ``file:///folder``, ``s3://bucket/prefix``, ``gs://…``, ``az://…``.

    Credentials and endpoint come from the environment variables of the provider, such as ``AWS_ACCESS_KEY_ID`` and
    ``AWS_ENDPOINT_URL``. A reader sees an object's old content or its new, never half of it.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        parts = urlsplit(url)
        self.folder = Path(unquote(parts.path)) if parts.scheme == "file" else None

    def put(self, key: str, content: bytes) -> None:
        """Write an object durably; what had this key is replaced."""
        with self._errors(key):
            if self.folder is None:
                obstore.put(self._store, key, content)
            else:
                self._put_local(key, content)

    def get(self, key: str) -> bytes | None:
        """Return an object's content, or None when there is no such object."""
        return self._unless_missing(key, lambda: obstore.get(self._store, key).bytes().to_bytes())

    def head(self, key: str) -> StoredObject | None:
        """Return what is known of an object without reading it, or None when there is no such object."""
        return self._unless_missing(key, lambda: _stored(obstore.head(self._store, key)))

    def list(self, prefix: str = "") -> Iterator[StoredObject]:
        """Yield the objects whose key starts with these segments, in order of their keys."""
        with self._errors(prefix):
            found = [_stored(meta) for batch in obstore.list(self._store, prefix or None) for meta in batch]
        yield from sorted(one for one in found if not one.key.startswith(f"{STAGING}/"))

    def delete(self, key: str) -> None:
        """Remove an object, if there is such an object."""
        self._unless_missing(key, lambda: obstore.delete(self._store, key))

    def local_path(self, key: str) -> Path | None:
        """Return the file of an object, or None when the store is not a local folder."""
        return None if self.folder is None else self.folder / key

    def where(self, key: str) -> str:
        """Return how a message names an object: its path, or its URL."""
        return f"{self.url}/{key}" if self.folder is None else str(self.folder / key)

    @cached_property
    def _store(self) -> Any:
        if self.folder is not None:
            store = LocalStore(prefix=self.folder, mkdir=True)
            self._remove_abandoned()
            return store
        return from_url(self.url, client_options=CLIENT, retry_config=RETRIES)

    def _put_local(self, key: str, content: bytes) -> None:
        """Write beside the store, flush to disk, then give it its key: obstore's own put does not flush."""
        assert self.folder is not None
        staged = f"{STAGING}/{uuid.uuid4().hex}"
        try:
            obstore.put(self._store, staged, content)
            _flush(self.folder / staged)
            obstore.rename(self._store, staged, key, overwrite=True)
            _flush((self.folder / key).parent)
        finally:
            (self.folder / staged).unlink(missing_ok=True)

    def _remove_abandoned(self) -> None:
        """Remove what killed writers have left."""
        assert self.folder is not None
        before = (datetime.now(tz=UTC) - ABANDONED).timestamp()
        for file in (self.folder / STAGING).glob("*"):
            with suppress(OSError):  # another process was faster, or the folder is read-only
                if file.stat().st_mtime < before:
                    file.unlink()

    def _unless_missing(self, key: str, ask: Callable[[], T]) -> T | None:
        try:
            return ask()
        except FileNotFoundError:
            return None
        except ERRORS as error:
            raise self._unavailable(key, error) from error

    @contextmanager
    def _errors(self, key: str) -> Iterator[None]:
        """Raise every error as `StoreUnavailable`; where something is written, "not found" means the bucket."""
        try:
            yield
        except ERRORS as error:
            raise self._unavailable(key, error) from error

    def _unavailable(self, key: str, error: Exception) -> StoreUnavailable:
        reason = str(error).split("\n\nDebug source")[0]
        return StoreUnavailable(f"{self.where(key)}: the object store does not answer as it should: {reason}")


def _stored(meta: Any) -> StoredObject:
    return StoredObject(meta["path"], meta["size"], meta["last_modified"], meta["e_tag"] or "")


def _flush(path: Path) -> None:
    """Flush a file or a folder's entries to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
