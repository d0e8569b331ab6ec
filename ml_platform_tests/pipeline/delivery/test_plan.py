"""A delivery is cut into the partitions of the model's time zone."""

from __future__ import annotations

import pandas as pd
import pytest

from ml_platform.pipeline.delivery.plan import Plan
from ml_platform.pipeline.delivery.read import read_delivery
from ml_platform_tests.pipeline.delivery.visits import month, write_csv
from ml_platform_tests.scaffold.project import ForeignProject

# Great Expectations imports modules of the standard library that are on their way out
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")


def test_each_row_is_in_the_partition_of_its_time_and_nothing_is_stored(keyed: ForeignProject) -> None:
    frame = pd.concat([month("2024-08")[:3], month("2024-06")[:2], month("2024-07")[:4]])
    delivered = read_delivery(keyed.model("visits"), write_csv(frame, keyed.root / "x.csv"))
    parts = Plan(keyed.model("visits"), keyed.stores, delivered, replace=False).partitions()
    assert {key: merged.n_new for key, merged in parts.items()} == {"2024-06": 0, "2024-07": 4, "2024-08": 3}
    assert list(parts) == sorted(key for key in parts if key)
    assert keyed.stores.raw.partitions("visits")[-1] == "2024-06"
