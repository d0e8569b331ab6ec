"""Column roles: an input of the model, its key, its time, or left out; each with its reason."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ml_platform.scaffold.codes import MAX_CODES, Order, code_reason
from ml_platform.scaffold.profile import ColumnProfile
from ml_platform.scaffold.suspects import Suspect

Use = Literal["target", "key", "time", "number", "category", "date", "left out"]

MOSTLY_MISSING = 0.8
MAX_CATEGORIES = 200
ROWS_OF_A_CATEGORY = 5
"""A text whose values come back less often than that on average is a name or free text, not a category."""
WIDE_TEXT = 40
FLOAT32_MAX = 3.4028234e38
IDENTIFIER = re.compile(r"(^|_)(id|uuid|guid|key|number|nr|no|index|row|rownames|record)($|_)|[a-z]Id$", re.IGNORECASE)


@dataclass(frozen=True)
class Role:
    """One column's use."""

    column: str
    use: Use
    reason: str
    """Why, for the person who has to agree."""
    suspicious: bool = False
    """Whether a person should look: it was left out, or kept, against appearances."""
    leaks: bool = False
    """Whether it nearly certainly is available only with the target."""
    suspected_as: Use | None = None
    """Of a column that is left out since it may know the target: what it would be as an input."""


@dataclass(frozen=True)
class ColumnOptions:
    """The columns that a person names; the rest is inferred."""

    target: str
    key: tuple[str, ...] = ()
    time: str | None = None
    protected: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


@dataclass(frozen=True)
class Seen:
    """What was measured of columns beside their profiles, by name."""

    suspects: Mapping[str, Suspect] = field(default_factory=dict)
    orders: Mapping[str, Order] = field(default_factory=dict)
    """Of whole numbers that may be codes."""
    follows: Mapping[str, float] = field(default_factory=dict)
    """Columns of which the partition tells nearly all → the share that it tells."""


def assign_roles(profiles: Mapping[str, ColumnProfile], options: ColumnOptions, seen: Seen) -> dict[str, Role]:
    """Return each column's role, in order."""
    return {name: _role(profile, options, seen) for name, profile in profiles.items()}


def _role(profile: ColumnProfile, options: ColumnOptions, seen: Seen) -> Role:
    name, order = profile.name, seen.orders.get(profile.name)
    named = _stated_role(name, options)
    if named is not None:
        return named
    if name in options.keep:
        return _input(profile, "kept, as you say", order)
    if why := reason_to_leave_out(profile):
        return Role(name, "left out", why, suspicious=True)
    back = f"--keep {shlex.quote(name)}"
    if suspect := seen.suspects.get(name):
        why, sure = f"{suspect.reason} If it is known before: {back}", suspect.tier == "near-certain"
        use = _input(profile, "", order).use
        return Role(name, "left out", why, True, leaks=sure, suspected_as=None if sure or use == "date" else use)
    if (share := seen.follows.get(name)) is not None:
        why = f"the partition tells {share:.0%} of it, so it can only drift. If it is wanted: {back}"
        return Role(name, "left out", why, suspicious=True)
    return _input(profile, "", order)


def _stated_role(name: str, options: ColumnOptions) -> Role | None:
    """Return the role of a column that a person has named."""
    uses: tuple[tuple[bool, Use, str], ...] = (
        (name == options.target, "target", "as you say"),
        (name == options.time, "time", "as you say"),
        (name in options.key, "key", "it names a row"),
        (name in options.drop, "left out", "as you say"),
        (name in options.protected, "left out", "a protected attribute: kept beside the model to see whom it fails"),
    )
    return next((Role(name, use, reason) for holds, use, reason in uses if holds), None)


def _input(profile: ColumnProfile, why: str, order: Order | None) -> Role:
    """Return the role of a column that the model learns from: a number, a category or a date."""
    prefix = f"{why}; " if why else ""
    if profile.kind in ("date", "timestamp"):
        return Role(profile.name, "date", f"{prefix}{profile.least} to {profile.most}")
    if profile.kind in ("string", "boolean"):
        return Role(profile.name, "category", f"{prefix}{profile.n_distinct:,} values")
    if profile.kind == "integer" and (reason := code_reason(profile, order)):
        return Role(profile.name, "category", f"{prefix}{reason}; if they are amounts: kind number")
    unique = profile.kind == "integer" and profile.is_unique
    return Role(profile.name, "number", prefix + ("every value is another one" if unique else _span(profile)), unique)


def _span(profile: ColumnProfile) -> str:
    digits = "," if profile.kind == "integer" else ",.6g"
    return f"{profile.least:{digits}} to {profile.most:{digits}}"


def reason_to_leave_out(profile: ColumnProfile) -> str:
    """Return why a model should not learn from a column, whatever the target is; empty when it may."""
    if profile.n_distinct == 1 and not profile.n_missing:
        return "it has the same value in every row"
    if profile.missing_share >= MOSTLY_MISSING:
        return f"{profile.missing_share:.0%} of its values are missing"
    if profile.kind == "number" and max(abs(profile.least), abs(profile.most)) > FLOAT32_MAX:
        return f"numbers up to {profile.most:.3g}, which 32 bits cannot hold, and models compute in 32 bits"
    if identifies(profile):
        return "every row has another value, like an identifier: a model can only learn it by heart"
    return _free_text(profile) if profile.kind == "string" else ""


def _free_text(profile: ColumnProfile) -> str:
    if profile.mean_length > WIDE_TEXT and profile.n_distinct > MAX_CODES:
        return f"free text of {profile.mean_length:.0f} characters on average"
    if profile.n_distinct > MAX_CATEGORIES or profile.n_present < ROWS_OF_A_CATEGORY * profile.n_distinct:
        values = f"{profile.n_distinct:,} values in {profile.n_present:,} rows"
        return f"text with {values}: names or free text, no categories"
    return ""


def identifies(profile: ColumnProfile) -> bool:
    """Return whether a column looks as if it names the rows."""
    if not profile.is_unique or profile.n_rows < 3:
        return False
    if profile.kind == "string":
        return True
    consecutive = profile.kind == "integer" and profile.most - profile.least + 1 == profile.n_rows
    return profile.kind == "integer" and (consecutive or IDENTIFIER.search(profile.name) is not None)
