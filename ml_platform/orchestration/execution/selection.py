"""Assets as a person selects them on the command line, in Dagster's selection syntax."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import dagster as dg

from ml_platform.errors import WrongCall
from ml_platform.orchestration.dagster_private import AssetGraph


def select_assets(graph: AssetGraph, select: str) -> AbstractSet[dg.AssetKey]:
    """Return the assets of a selection, such as ``group:flights`` or ``+key:"flights/features"``.

    Several selections are separated by commas.

    Raises
    ------
    WrongCall
        When it cannot be read, or names an asset that there is not.
    """
    try:
        return dg.AssetSelection.from_coercible(select.split(",")).resolve(graph)
    except dg.DagsterError as error:
        raise WrongCall(f"--select '{select}' is no selection of assets here: {str(error).splitlines()[0]}") from error


def groups(graph: AssetGraph) -> str:
    """Return the names of the groups, one per model, to say what could be selected."""
    return ", ".join(sorted({graph.get(key).group_name or "" for key in graph.get_all_asset_keys()}))
