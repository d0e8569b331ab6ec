"""Great Expectations' Data Docs, built when somebody opens them: a site has 5 MB and takes a second."""

from __future__ import annotations

import tempfile
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Any

import sqlalchemy as sa

from ml_platform.contract.result import ValidationResult
from ml_platform.lineage.facts import VALIDATION
from ml_platform.stores.artifact import WHOLE, ArtifactKey
from ml_platform.stores.database.schema import manifests as table
from ml_platform.stores.manifests import is_of, read_manifest
from ml_platform.stores.reports import CONTRACT
from ml_platform.stores.stores import Stores

MAX_SITES = 4
"""Sites that are kept: those opened last."""

VALIDATIONS = "validations/**/*.html"
"""Where the library puts its pages of validation results."""


class DataDocs:
    """The sites of validation results, each built once per version of the result. Several threads may read."""

    def __init__(self, stores: Stores) -> None:
        self.stores = stores
        self._sites: OrderedDict[tuple[str, str], tempfile.TemporaryDirectory[str]] = OrderedDict()
        self._building = Lock()

    def read(self, contract: ArtifactKey, path: str) -> bytes | None:
        """Return a file of the site that belongs to a contract's page; None when there is no such result or file."""
        with self._building:
            site = self._site(contract)
            if site is None:
                return None
            file = (site / path).resolve()
            return file.read_bytes() if file.is_relative_to(site) and file.is_file() else None

    def entry(self, contract: ArtifactKey) -> str | None:
        """Return the path of the page of the validation result: the site's index is empty without a network."""
        with self._building:
            site = self._site(contract)
            return next(page.relative_to(site).as_posix() for page in site.glob(VALIDATIONS)) if site else None

    def close(self) -> None:
        """Remove what was built."""
        for site in self._sites.values():
            site.cleanup()
        self._sites.clear()

    def _site(self, contract: ArtifactKey) -> Path | None:
        """Return the folder of the site; None when there is no such result."""
        if not contract.asset.startswith(CONTRACT):
            return None
        validation = contract._replace(asset=f"{VALIDATION}{contract.asset.removeprefix(CONTRACT)}")
        rows = self.stores.manifests.rows(*is_of(validation), table.c.superseded_at.is_(None))
        if not rows:
            return None
        key = (str(validation), rows[0].version)
        if key not in self._sites:
            self._sites[key] = self._build(validation, rows[0])
            if len(self._sites) > MAX_SITES:
                self._sites.popitem(last=False)[1].cleanup()
        self._sites.move_to_end(key)
        return Path(self._sites[key].name).resolve()

    def _build(self, validation: ArtifactKey, row: sa.Row[Any]) -> tempfile.TemporaryDirectory[str]:
        from ml_platform.contract.validation.data_docs import build_data_docs

        document = self.stores.documents.read_version(read_manifest(row, self.stores.database))
        result = ValidationResult.from_document({name: value for name, value in document.items() if name != "passed"})
        site = tempfile.TemporaryDirectory(prefix="data_docs_")
        run = validation.partition or WHOLE
        build_data_docs(result, run=run, made_at=row.stored_at, folder=Path(site.name))
        return site
