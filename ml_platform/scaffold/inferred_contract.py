"""The inferred contract: a rule per column by its kind, an error where it held on later partitions, else a warning."""

from collections.abc import Iterator, Mapping
from typing import Any

from ml_platform.scaffold.inferred_model import InferredModel
from ml_platform.scaffold.trial import allowed_missing, allowed_quarantine, allowed_rows, null_share, try_rules
from ml_platform.scaffold.value_rule import learn_rule
from ml_platform.task import REGRESSION

PHYSICAL = {"date32[day]": "date32"}
"""Arrow's name of a type → the contract's, where it is another one."""


def contract_values(model: InferredModel) -> dict[str, Any]:
    """Return what the contract's template writes: of the table, and of each column."""
    tables = model.by_partition()
    counts = [table.num_rows for table in tables.values()]
    class_column = model.target.column if model.target.task != REGRESSION else None
    trial = try_rules(tables, model.roles, class_column=class_column)
    return {
        "columns": list(_columns(model, trial.values, trial.missing, class_column)),
        "rows": allowed_rows(counts),
        "rows_figure": trial.rows,
        "seen_rows": f"{min(counts):,} to {max(counts):,}" if len(counts) > 1 else f"{counts[0]:,}",
        "quarantine": allowed_quarantine(counts),
    }


def _columns(
    model: InferredModel, failed: Mapping[str, str], missing: Mapping[str, str], class_column: str | None
) -> Iterator[dict[str, Any]]:
    tables = list(model.by_partition().values())
    for name, profile in model.profiles.items():
        role, original = model.roles[name], model.source.original.get(name)
        rule = learn_rule(profile, role, [table[name] for table in tables], is_class=name == class_column)
        share = max(null_share(table[name]) for table in tables)
        yield {
            "profile": profile,
            "description": _description(model, name),
            "name_in_file": original if original not in (None, name) else None,
            "physical_type": PHYSICAL.get(profile.arrow_type, profile.arrow_type),
            "zone": profile.kind == "timestamp" and profile.has_zone,
            "rule": rule,
            "figure": failed.get(name, ""),
            "null_percent": allowed_missing(share) if profile.n_missing else None,
            "null_figure": missing.get(name, ""),
            "key_position": model.key.index(name) + 1 if name in model.key else None,
            "classification": "protected" if role.use == "left out" and "protected" in role.reason else None,
        }


def _description(model: InferredModel, name: str) -> str:
    if model.made_key and name in model.key:
        return "Number of the row in the file it came from; the file names no key."
    role = model.roles[name]
    uses = {"target": "What the model predicts", "key": "Names the row", "time": "When"}
    use = uses.get(role.use, "Not an input of the model" if role.use == "left out" else f"An input, as a {role.use}")
    notes = [role.reason] if role.use not in uses else []
    return "; ".join([use, *notes, *model.source.notes.get(name, ())]) + "."
