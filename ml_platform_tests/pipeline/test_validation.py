"""A contract that refers to another table is about that table as it is; a warning stops nothing."""

from datetime import UTC, datetime

import pandas as pd
import pytest

from ml_platform.errors import UncheckedData
from ml_platform.pipeline.freshness import passed_validation
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.validation import end_or_now
from ml_platform.spec import load_spec
from ml_platform.stores.artifact import ArtifactKey
from ml_platform_tests.contract.small import DEFS
from ml_platform_tests.place import Place

VALIDATION = ArtifactKey("flights", "validation_flights", "2013-01")


def test_a_validation_holds_for_the_tables_that_it_read_and_warnings_do_not_stop(place: Place) -> None:
    model, stores = Model.load(load_spec(DEFS / "flights"), DEFS / "flights"), place.stores
    assert passed_validation(model, stores, "flights", "2013-01").inputs["reference planes"] == stores.raw.hash(
        "planes", None
    )
    planes = stores.raw.path("planes", None)
    pd.read_parquet(planes).iloc[:-300].to_parquet(planes)
    with pytest.raises(UncheckedData, match="was validated against another planes"):
        passed_validation(model, stores, "flights", "2013-01")
    found = {one["check"]: one for one in stores.documents.read(VALIDATION)["check_results"]}
    assert found["reference_tailnum_in_planes"]["passed"]
    assert found["rule_few_cancelled"]["severity"] == "warning"


def test_a_partition_is_as_old_as_at_its_end_whenever_it_is_judged() -> None:
    end, before, after = (datetime(2013, month, 1, tzinfo=UTC) for month in (2, 1, 3))
    assert end_or_now(end, after) == end
    assert end_or_now(end, before) == before
    assert end_or_now(None, after) == after
