"""The UI links the page of a training window, and shows what is worth a look."""

from __future__ import annotations

import dagster as dg

from ml_platform_tests.orchestration.shown import metadata
from ml_platform_tests.place import Place, read_report


def test_the_page_is_linked_and_its_observations_are_shown(small: Place) -> None:
    shown = metadata(small, "tumours/exploration")
    assert shown["report"].endswith("/tumours/exploration/whole.html)")
    assert "<title>tumours: exploration</title>" in read_report(small.stores, "tumours", "exploration", None)
    assert shown["dagster/row_count"] == 569
    assert "| associations | look | AUC of mean_concave_points 0.96" in shown["observations"]
    assert shown["associations"].startswith("![Associations with the target](data:image/png;base64,")


def test_nothing_depends_on_it(small: Place) -> None:
    node = small.definitions.resolve_asset_graph().get(dg.AssetKey(["tumours", "exploration"]))
    assert node.child_keys == set()
    assert node.parent_keys == {dg.AssetKey(["tumours", "training_set"])}
