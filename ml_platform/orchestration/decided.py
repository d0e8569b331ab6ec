"""Which Dagster runs have come to a decision on a candidate."""

import dagster as dg

from ml_platform.stores.stores import Stores


def came_to_decision(instance: dg.DagsterInstance, stores: Stores, model: str, run_id: str) -> bool:
    """Return whether a run has rejected or promoted a candidate, also where it confirmed what was decided on it before.

    One that was killed between the decision and the promotion has not: its repetition promotes.
    """
    entries = stores.ledger(model).entries()
    if any(entry.dagster_run_id == run_id and entry.action != "registered" for entry in entries):
        return True
    run = instance.get_run_by_id(run_id)
    if run is None or not run.is_success:
        return False
    decision = dg.AssetKey([model, "decision"])
    events = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
    return any(event.get_dagster_event().asset_key == decision for event in events)
