"""The inferred contract: a rule per column from what was seen, with bounds a little wider, in round numbers."""

import math
from collections.abc import Iterator
from typing import Any

from ml_platform.scaffold.inferred_model import InferredModel
from ml_platform.scaffold.profile import ColumnProfile

MAX_VALID_VALUES = 50
LONGER = 2
PHYSICAL = {"date32[day]": "date32"}
"""Arrow's name of a type → the contract's, where it is another one."""
MARGIN = 0.1
HALF = 0.5
TINY, HUGE = 1e-300, 1e300
"""Near the ends of the range of 64-bit floats, bounds are what was seen."""


def contract_columns(model: InferredModel) -> Iterator[dict[str, Any]]:
    """Yield what the contract's template writes of each column."""
    tables = list(model.by_partition().values())
    for name, profile in model.profiles.items():
        role = model.roles[name]
        valid_values = _valid_values(profile, is_input=role.use in ("category", "target"))
        original = model.source.original.get(name)
        shares = [table[name].null_count / len(table) for table in tables]
        yield {
            "profile": profile,
            "description": _description(model, name),
            "name_in_file": original if original not in (None, name) else None,
            "physical_type": PHYSICAL.get(profile.arrow_type, profile.arrow_type),
            "options": _options(profile, valid_values, bounded=name not in model.key and role.use != "time"),
            "seen": _seen(profile),
            "valid_values": valid_values,
            "null_percent": allowed_missing(max(shares)) if profile.n_missing else None,
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


def _valid_values(profile: ColumnProfile, *, is_input: bool) -> tuple[Any, ...]:
    """Return the values seen, where they are few and a new one should be noticed; else none."""
    if profile.kind not in ("string", "integer") or not is_input or profile.n_distinct > MAX_VALID_VALUES:
        return ()
    return profile.values


def _options(profile: ColumnProfile, valid_values: tuple[Any, ...], *, bounded: bool) -> dict[str, Any]:
    if profile.kind == "timestamp":
        return {"timezone": True} if profile.has_zone else {}
    if valid_values or not bounded:
        return {}
    if profile.kind == "string":
        return {"maxLength": LONGER * profile.longest}
    if profile.kind in ("integer", "number"):
        minimum, maximum = widened(profile.least, profile.most, whole=profile.kind == "integer")
        return {"minimum": minimum, "maximum": maximum}
    return {}


def _seen(profile: ColumnProfile) -> str:
    if profile.kind in ("integer", "number", "timestamp", "date"):
        return f"{profile.least} to {profile.most}"
    return f"{profile.n_distinct:,} values" if profile.kind == "boolean" else f"at most {profile.longest} characters"


def widened(least: float, most: float, *, whole: bool) -> tuple[float, float]:
    """Return bounds that hold both, each a tenth of the span further out and rounded outwards.

    What is never negative stays so, and what lies in 0 to 1, as a share does, keeps these bounds.
    """
    if not whole and least >= 0 and most <= 1:
        return 0.0, 1.0
    span = (most - least) or 1
    if span < TINY or max(abs(least), abs(most)) > HUGE:
        return least, most
    step = 10.0 ** math.floor(math.log10(span)) / 2
    low = math.floor((least - MARGIN * span) / step) * step
    high = math.ceil((most + MARGIN * span) / step) * step
    if least >= 0:
        low = max(low, 0)
    low, high = min(low, least), max(high, most)
    return (math.floor(low), math.ceil(high)) if whole else (_short(low, least, -1), _short(high, most, 1))


def allowed_missing(share: float) -> int:
    """Return the percentage that may be missing: half as much again as was seen, and one."""
    return min(99, math.ceil(100 * share * (1 + HALF)) + 1)


def allowed_rows(counts: list[int]) -> tuple[int, int]:
    """Return bounds of the rows of a file: half of the fewest seen, and twice the most."""
    return max(1, math.floor(min(counts) * HALF)), math.ceil(max(counts) / HALF)


def _short(bound: float, seen: float, side: int) -> float:
    """Return the bound in few digits, as long as what was seen stays inside."""
    short = float(f"{bound:.6g}")
    return short if (short - seen) * side >= 0 else bound
