"""Which Dagster runs have come to a decision on a candidate."""

import dagster as dg

from ml_platform.stores.stores import Stores


def came_to_decision(instance: dg.DagsterInstance, stores: Stores, model: str, run_id: str) -> bool:
    """Return whether a run has decided on a candidate, also where it confirmed the decision on an unchanged one.

    Such a run may have failed later, when it applied the decision.
    """
    if any(entry.dagster_run_id == run_id for entry in stores.ledger(model).entries()):
        return True
    decision = dg.AssetKey([model, "decision"])
    events = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
    return any(event.get_dagster_event().asset_key == decision for event in events)
