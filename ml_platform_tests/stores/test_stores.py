from __future__ import annotations

from pathlib import Path

import pytest

from ml_platform.errors import DataError
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores


@pytest.mark.parametrize("folder", ["tables", "documents", "ledger"])
def test_what_an_older_platform_has_made_gets_one_clear_message(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir()
    with pytest.raises(DataError, match=f"{folder}: an older version of the platform has made this.*make clean"):
        Stores(Installation(tmp_path, "")).documents.manifest(ArtifactKey("flights", "decision"))


def test_a_folder_of_that_name_beside_the_database_is_nobodys_business(tmp_path: Path) -> None:
    assert Stores(Installation(tmp_path, "")).manifests.models() == []
    (tmp_path / "tables").mkdir()
    assert Stores(Installation(tmp_path, "")).manifests.models() == []
