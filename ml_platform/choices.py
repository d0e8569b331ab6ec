"""Tables of choices: a name in YAML picks an entry, and a wrong name gets an error made from the table."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import partial
from typing import Annotated, Any, TypeVar, get_type_hints

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError

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


def validate_values(function: Callable[..., Any], options: Mapping[str, Any], what: str) -> None:
    """Reject options that a function does not have, and values outside of their annotated type or range.

    Raises
    ------
    SpecError
        Naming the option and what is wrong with it.
    """
    validate_options(function, options, what)
    types = get_type_hints(function, include_extras=True) if options else {}
    for option, value in options.items():
        try:
            TypeAdapter(types[option]).validate_python(value, strict=True)
        except ValidationError as error:
            raise SpecError(f"{what}, option '{option}': {error.errors()[0]['msg']}, not {value!r}") from None


def _with_options(value: Any) -> Any:
    if isinstance(value, str):
        return {value: {}}
    if isinstance(value, dict):
        return {name: {} if options is None else options for name, options in value.items()}
    return value


Choice = Annotated[
    dict[str, dict[str, Any]],
    Field(min_length=1, max_length=1),
    # What YAML may say; `dg check yaml` uses this schema.
    BeforeValidator(_with_options, json_schema_input_type=str | dict[str, dict[str, Any] | None]),
]
"""One entry of a table as YAML names it: ``clip``, or with options ``{clip: {lower: 0.01}}``."""


def chosen(table: Mapping[str, Callable[..., Any]], choice: Mapping[str, Mapping[str, Any]], what: str) -> Any:
    """Return the chosen function of a table, with its options bound.

    Raises
    ------
    SpecError
        Naming the entry or the option that does not exist, or the value that is not of its type or range.
    """
    ((name, options),) = choice.items()
    function = choose(table, name, what)
    validate_values(function, options, f"{what} '{name}'")
    return partial(function, **options)
