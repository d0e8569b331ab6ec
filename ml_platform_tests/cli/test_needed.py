"""What a job needs and is not there is named with the command that repairs it, before the job works for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml_platform.cli.needed import require_raw_files, require_stores
from ml_platform.errors import NotStored, RegistryUnavailable, StoreUnavailable
from ml_platform.pipeline.model import Model
from ml_platform.spec import load_spec
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores
from ml_platform_tests.quick import FLIGHTS

NOWHERE = "postgresql://127.0.0.1:1/nowhere"


def stores(folder: Path, **settings: str) -> Stores:
    return Stores(Installation(folder, settings.pop("tracking_uri", "sqlite://"), **settings))


@pytest.mark.parametrize(
    ("settings", "repair"),
    [({}, r"and 2 more\. Run: ml-platform fetch flights$"), ({"raw_url": "memory:///raw"}, r"Put them there$")],
)
def test_files_of_a_reference_model_are_fetched_unless_they_are_kept_elsewhere(
    tmp_path: Path, settings: dict[str, str], repair: str
) -> None:
    model = Model.load(load_spec(FLIGHTS), FLIGHTS)
    with pytest.raises(NotStored, match=r"^flights_train 2013-03 reads raw files that do not exist: .*" + repair):
        require_raw_files(model, stores(tmp_path, **settings), "train", "2013-03")


def test_a_database_that_does_not_answer_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="does not answer"):
        require_stores(stores(tmp_path, database_url=NOWHERE), "ingest")


def test_mlflow_is_needed_to_train_and_not_to_ingest(tmp_path: Path) -> None:
    without = stores(tmp_path, tracking_uri="http://127.0.0.1:1")
    require_stores(without, "ingest")
    with pytest.raises(RegistryUnavailable, match="cannot be reached"):
        require_stores(without, "train")
