"""A selection that cannot be read, or names no asset, is a wrong call."""

from __future__ import annotations

import dagster as dg
import pytest

from ml_platform.errors import WrongCall
from ml_platform.orchestration.execution.selection import groups, select_assets


@dg.asset(group_name="shop")
def raw() -> None: ...


@dg.asset(group_name="shop", deps=[raw])
def features() -> None: ...


GRAPH = dg.Definitions(assets=[raw, features]).resolve_asset_graph()


@pytest.mark.parametrize(
    ("select", "found"),
    [("key:features", {"features"}), ('+key:"features"', {"raw", "features"}), ("raw,features", {"raw", "features"})],
)
def test_dagsters_syntax_and_commas_select(select: str, found: set[str]) -> None:
    assert {key.to_user_string() for key in select_assets(GRAPH, select)} == found


@pytest.mark.parametrize("select", ["(((", "nothing/here"])
def test_no_selection_is_a_wrong_call(select: str) -> None:
    with pytest.raises(WrongCall, match="is no selection of assets here"):
        select_assets(GRAPH, select)


def test_the_groups_are_named() -> None:
    assert groups(GRAPH) == "shop"
