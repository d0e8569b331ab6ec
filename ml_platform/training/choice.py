"""One entry of a table of choices, as YAML names it: ``clip``, or with options ``{clip: {lower: 0.01}}``."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any, get_type_hints

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError

from ml_platform.choices import choose, validate_options
from ml_platform.errors import SpecError


def _with_options(value: Any) -> Any:
    if isinstance(value, str):
        return {value: {}}
    if isinstance(value, dict):
        return {name: {} if options is None else options for name, options in value.items()}
    return value


Written = str | dict[str, dict[str, Any] | None]
"""What YAML may say; `dg check yaml` holds it against the schema of this."""

Choice = Annotated[
    dict[str, dict[str, Any]],
    Field(min_length=1, max_length=1),
    BeforeValidator(_with_options, json_schema_input_type=Written),
]
"""A name with its options."""


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


def validate_values(function: Callable[..., Any], options: Mapping[str, Any], what: str) -> None:
    """Reject options that a function does not have, and values that are not of their type or range.

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
