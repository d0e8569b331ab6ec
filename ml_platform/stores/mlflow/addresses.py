"""Addresses of an MLflow. Imports nothing heavy."""

import re
from pathlib import Path
from urllib.parse import urlsplit

VIEW = "?workflowType=machine_learning"
"""Without it MLflow 3.17 opens a link in its view of language models."""


def is_server(uri: str) -> bool:
    """Return whether an address is that of an MLflow server, and not of a database."""
    return urlsplit(uri).scheme in ("http", "https")


def sqlite_file(uri: str) -> Path | None:
    """Return the file of an SQLite address, or None for any other."""
    scheme, _, path = uri.partition(":///")
    return Path(path).absolute() if scheme == "sqlite" and path else None


def masked(text: str) -> str:
    """Return the text with the password of any address in it replaced."""
    return re.sub(r"(://[^:/@\s]*):[^@/\s]+@", r"\1:***@", text)
