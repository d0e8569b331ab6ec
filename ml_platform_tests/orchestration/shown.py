"""What Dagster shows of an asset and of its checks."""

from __future__ import annotations

from typing import Any

import dagster as dg

from ml_platform_tests.place import Place


def materialization(place: Place, asset: str) -> dg.AssetMaterialization:
    """Return the latest materialization of an asset such as ``tumours/features``."""
    event = place.instance.get_latest_materialization_event(dg.AssetKey(asset.split("/")))
    assert event is not None
    assert event.asset_materialization is not None
    return event.asset_materialization


def metadata(place: Place, asset: str) -> dict[str, Any]:
    """Return the metadata of the latest materialization, as plain values."""
    return {name: value.value for name, value in materialization(place, asset).metadata.items()}


def check_results(place: Place, asset: str) -> dict[str, dg.AssetCheckEvaluation]:
    """Return the latest evaluation of each check of an asset that was evaluated."""
    key, log = dg.AssetKey(asset.split("/")), place.instance.event_log_storage
    keys = place.definitions.resolve_asset_graph().get_check_keys_for_assets({key})
    records = {key.name: log.get_asset_check_execution_history(key, limit=1) for key in keys}
    return {
        name: record.event.dagster_event.asset_check_evaluation_data
        for name, (record, *_) in ((name, found) for name, found in records.items() if found)
        if record.event is not None
    }
