"""What each column is for, and why: an input of the model, its key, its time, or nothing a model should learn from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ml_platform.scaffold.facts import Facts

Use = Literal["target", "key", "time", "number", "category", "left out"]

MOSTLY_MISSING = 0.8
MAX_CATEGORIES = 200
ROWS_OF_A_CATEGORY = 5
"""A text whose values come back less often than that on average is a name or free text, not a category."""
WIDE_TEXT = 40
MAX_CODES = 10
MAX_NAMED_CODES = 100
FLOAT32_MAX = 3.4028234e38
CODE = re.compile(
    r"(^|_)(code|type|class|kind|category|group|region|status|zip|plz|month|weekday|dow)($|_)", re.IGNORECASE
)
IDENTIFIER = re.compile(r"(^|_)(id|uuid|guid|key|number|nr|no|index|row|rownames|record)($|_)|[a-z]Id$", re.IGNORECASE)


@dataclass(frozen=True)
class Role:
    """One column's use.

    Attributes
    ----------
    reason
        Why, for the person who has to agree.
    suspicious
        Whether it was left out, or kept, against appearances: a person should look.
    leaks
        Whether it seems to be known only together with the answer.
    """

    column: str
    use: Use
    reason: str
    suspicious: bool = False
    leaks: bool = False


@dataclass(frozen=True)
class Stated:
    """What a person says of columns; the rest is guessed."""

    target: str
    key: tuple[str, ...] = ()
    time: str | None = None
    protected: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


def all_roles(facts: Mapping[str, Facts], stated: Stated, near_copies: Mapping[str, float]) -> dict[str, Role]:
    """Return each column's role, in order.

    Parameters
    ----------
    near_copies
        Column → how much of the target it tells, of those that tell nearly all.
    """
    return {name: _role(one, stated, near_copies) for name, one in facts.items()}


def _role(facts: Facts, stated: Stated, near_copies: Mapping[str, float]) -> Role:
    named = _as_stated(facts.name, stated)
    if named is not None:
        return named
    if facts.name in stated.keep:
        return _input(facts, "kept, as you say")
    if why := reason_to_leave_out(facts):
        return Role(facts.name, "left out", why, suspicious=True)
    if facts.name in near_copies:
        tells = (
            f"tells {near_copies[facts.name]:.0%} of the target by itself: known only with the answer, or made from it"
        )
        return Role(facts.name, "left out", f"{tells}? If it is known before: --keep {facts.name}", True, leaks=True)
    return _input(facts, "")


def _as_stated(name: str, stated: Stated) -> Role | None:
    """Return the role of a column that a person has named."""
    uses: tuple[tuple[bool, Use, str], ...] = (
        (name == stated.target, "target", "as you say"),
        (name == stated.time, "time", "as you say"),
        (name in stated.key, "key", "it names a row"),
        (name in stated.drop, "left out", "as you say"),
        (name in stated.protected, "left out", "a protected attribute: kept beside the model to see whom it fails"),
    )
    return next((Role(name, use, reason) for holds, use, reason in uses if holds), None)


def _input(facts: Facts, why: str) -> Role:
    """Return the role of a column that the model learns from: a number or a category."""
    prefix = f"{why}; " if why else ""
    if facts.kind in ("string", "boolean", "date", "timestamp"):
        return Role(facts.name, "category", f"{prefix}{facts.n_distinct:,} values")
    if facts.kind == "integer" and (reason := _code(facts)):
        return Role(facts.name, "category", f"{prefix}{reason}; if they are amounts: kind number")
    unique = facts.kind == "integer" and facts.is_unique
    return Role(facts.name, "number", prefix + ("every value is another one" if unique else _span(facts)), unique)


def _code(facts: Facts) -> str:
    """Say why whole numbers are categories; empty when they are amounts."""
    if CODE.search(facts.name) and 3 <= facts.n_distinct <= MAX_NAMED_CODES:
        return f"its name says that its {facts.n_distinct} whole numbers are codes"
    few = 3 <= facts.n_distinct <= MAX_CODES and facts.n_present >= 10 * facts.n_distinct
    counts = facts.least == 0 or facts.most - facts.least > 10 * MAX_CODES
    return (
        f"{facts.n_distinct} whole numbers from {facts.least} to {facts.most}, like codes" if few and not counts else ""
    )


def _span(facts: Facts) -> str:
    return (
        f"{facts.least:,} to {facts.most:,}" if facts.kind == "integer" else f"{facts.least:,.6g} to {facts.most:,.6g}"
    )


def _constant(facts: Facts) -> Iterator[str]:
    if facts.n_distinct == 1 and not facts.n_missing:
        yield "it has the same value in every row"


def _mostly_missing(facts: Facts) -> Iterator[str]:
    if facts.missing_share >= MOSTLY_MISSING:
        yield f"{facts.missing_share:.0%} of its values are missing"


def _identifier(facts: Facts) -> Iterator[str]:
    if identifies(facts):
        yield "every row has another value, like an identifier: a model can only learn it by heart"


def _moment(facts: Facts) -> Iterator[str]:
    if facts.kind in ("timestamp", "date"):
        yield "a time: derive a number from it in features.py (docs/guide.md), or split by it: --time"


def _free_text(facts: Facts) -> Iterator[str]:
    if facts.kind != "string":
        return
    if facts.mean_length > WIDE_TEXT and facts.n_distinct > MAX_CODES:
        yield f"free text of {facts.mean_length:.0f} characters on average"
    elif facts.n_distinct > MAX_CATEGORIES or facts.n_present < ROWS_OF_A_CATEGORY * facts.n_distinct:
        yield f"text with {facts.n_distinct:,} values in {facts.n_present:,} rows: names or free text, no categories"


def _too_large(facts: Facts) -> Iterator[str]:
    if facts.kind == "number" and max(abs(facts.least), abs(facts.most)) > FLOAT32_MAX:
        yield f"numbers up to {facts.most:.3g}, which 32 bits cannot hold, and models compute in 32 bits"


REASONS_TO_LEAVE_OUT: Sequence[Callable[[Facts], Iterable[str]]] = (
    _constant,
    _mostly_missing,
    _too_large,
    _identifier,
    _moment,
    _free_text,
)


def reason_to_leave_out(facts: Facts) -> str:
    """Say why a model should not learn from a column, whatever the target is; empty when it may."""
    return next((why for test in REASONS_TO_LEAVE_OUT for why in test(facts)), "")


def identifies(facts: Facts) -> bool:
    """Return whether a column looks as if it names the rows."""
    if not facts.is_unique or facts.n_rows < 3:
        return False
    if facts.kind == "string":
        return True
    consecutive = facts.kind == "integer" and facts.most - facts.least + 1 == facts.n_rows
    return facts.kind == "integer" and (consecutive or IDENTIFIER.search(facts.name) is not None)


def guess_key(facts: Mapping[str, Facts], taken: Iterable[str]) -> str | None:
    """Return the column that names the rows: one whose name says so, before others; None when there is none."""
    candidates = [one for name, one in facts.items() if name not in taken and identifies(one)]
    named = [one for one in candidates if IDENTIFIER.search(one.name)]
    return next((one.name for one in [*named, *candidates]), None)
