"""Tables of choices: a name in YAML picks an entry, and a wrong name gets an error made from the table."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from ml_platform.errors import SpecError

T = TypeVar("T")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``"Known: a, b. Did you mean 'a'?"``, without the question when nothing is close."""
    known = list(known)
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    question = f" Did you mean '{close[0]}'?" if close else ""
    return f"Known: {', '.join(known)}.{question}"


def choose(table: Mapping[str, T], name: str, what: str) -> T:
    """Return ``table[name]``.

    Raises
    ------
    SpecError
        When the table has no such entry; the message lists the entries and guesses.
    """
    if name not in table:
        raise SpecError(f"{what} '{name}' does not exist. {did_you_mean(name, table)}")
    return table[name]


def validate_options(function: Callable[..., Any], options: Mapping[str, Any], what: str) -> None:
    """Reject options that are not keyword-only arguments of the chosen function.

    Raises
    ------
    SpecError
        Naming the option, the ones that the function takes, and a guess.
    """
    known = [p.name for p in inspect.signature(function).parameters.values() if p.kind is p.KEYWORD_ONLY]
    for option in options:
        if option not in known:
            raise SpecError(f"{what} has no option '{option}'. {did_you_mean(option, known)}")
