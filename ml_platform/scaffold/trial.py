"""Try a contract before it is written: learn its rules on the first half of the partitions, try them on the second."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ml_platform.scaffold.profile import profile_columns
from ml_platform.scaffold.roles import Role
from ml_platform.scaffold.value_rule import learn_rule

MAX_QUARANTINE, MOST_QUARANTINE = 0.01, 0.1
ROWS_SET_ASIDE = 2
TOLERATED = 0.1
"""Part of the quarantine that the rule of one column may fill: a table has many columns."""
HALF = 0.5
ROWS_TO_HALVE, SEED = 200, 0
"""Least rows of a table without partitions, for its rules to be tried on a random half."""


@dataclass(frozen=True)
class Trial:
    """What became of the rules in the second half; empty where a table has one partition."""

    values: Mapping[str, str]
    """Column whose rule on values failed → its figure."""
    missing: Mapping[str, str]
    """Column in which more was missing than allowed → its figure."""
    rows: str = ""
    """Figure of the number of rows, where that was out of bounds."""


def try_rules(
    partitions: Mapping[str | None, pa.Table], roles: Mapping[str, Role], *, class_column: str | None
) -> Trial:
    """Return the rules that reject legitimate rows of the second half, and the share that they reject.

    A table without partitions is halved at random. `class_column` is a target of classes: a new class cannot be
    predicted, so its rule is not tried.
    """
    if len(partitions) == 1:
        partitions = _halves(*partitions.values())
    keys = list(partitions)
    first, second = keys[: len(keys) // 2], keys[len(keys) // 2 :]
    if not first:
        return Trial({}, {})
    learned, later = [partitions[key] for key in first], [partitions[key] for key in second]
    profiles = profile_columns(pa.concat_tables(learned))
    tolerated = TOLERATED * allowed_quarantine([table.num_rows for table in partitions.values()])
    of = f"learned on {_span(first)}, it fails"
    values, missing = {}, {}
    for name, profile in profiles.items():
        if not profile.n_present:
            continue
        rule = learn_rule(profile, roles[name], [table[name] for table in learned], is_class=False)
        if rule is not None and name != class_column:
            shares = [rule.n_broken(table[name]) / table.num_rows for table in later]
            if (worst := max(shares)) > tolerated:
                values[name] = f"{of} {worst:.1%} of the rows of {second[shares.index(worst)]}"
        allowed = allowed_missing(max(null_share(table[name]) for table in learned)) / 100
        shares = [null_share(table[name]) for table in later]
        if (worst := max(shares)) > allowed:
            missing[name] = f"{of}: {worst:.1%} are missing in {second[shares.index(worst)]}"
    return Trial(values, missing, _rows(learned, later, of, second))


def _halves(table: pa.Table) -> dict[str | None, pa.Table]:
    """Return two random halves of a table; all of it where they would tell little."""
    if table.num_rows < ROWS_TO_HALVE:
        return {None: table}
    order = np.random.default_rng(SEED).permutation(table.num_rows)
    half = table.num_rows // 2
    return {"half of the rows": table.take(order[:half]), "the other half": table.take(order[half:])}


def _rows(learned: Sequence[pa.Table], later: Sequence[pa.Table], of: str, keys: Sequence[str | None]) -> str:
    least, most = allowed_rows([table.num_rows for table in learned])
    outside = [
        (key, table.num_rows) for key, table in zip(keys, later, strict=True) if not least <= table.num_rows <= most
    ]
    return f"{of}: {outside[0][0]} has {outside[0][1]:,} rows" if outside else ""


def _span(keys: Sequence[str | None]) -> str:
    return f"{keys[0]} to {keys[-1]}" if len(keys) > 1 else f"{keys[0]}"


def null_share(column: pa.ChunkedArray) -> float:
    """Return the share of a column that is missing, 0 to 1."""
    return float(column.null_count / len(column))


def allowed_quarantine(counts: Sequence[int]) -> float:
    """Return the share of rows that may be set aside: 1%, and two rows of a typical partition where that is more."""
    typical = sorted(counts)[len(counts) // 2]
    return min(max(MAX_QUARANTINE, math.ceil(100 * ROWS_SET_ASIDE / typical) / 100), MOST_QUARANTINE)


def allowed_missing(share: float) -> int:
    """Return the percentage that may be missing: half as much again as was seen, and one."""
    return min(99, math.ceil(100 * share * (1 + HALF)) + 1)


def allowed_rows(counts: Sequence[int]) -> tuple[int, int]:
    """Return bounds of the rows of a file: half of the fewest seen, and twice the most."""
    return max(1, math.floor(min(counts) * HALF)), math.ceil(max(counts) / HALF)
