"""What a model's YAML may say: blocks of settings, and names that pick an entry of a table.

A wrong name gets an error made from the table.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, partial
from typing import Annotated, Any, TypeVar, get_type_hints

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError
from pydantic.json_schema import JsonSchemaValue

from ml_platform.errors import SpecError

T = TypeVar("T")

Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""The reason that YAML has to give for something."""


class Block(BaseModel):
    """A block of a model's YAML. It is read once and never changed, and an unknown key is rejected."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``"Known: a, b. Did you mean 'a'?"``, without the question when nothing is close."""
    known = list(known)
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    question = f" Did you mean '{close[0]}'?" if close else ""
    return f"Known: {', '.join(known)}.{question}"


def choose(table: Mapping[str, T], name: str, what: str) -> T:
    """Return ``table[name]``; for another name a SpecError lists the entries and guesses."""
    if name not in table:
        raise SpecError(f"{what} '{name}' does not exist. {did_you_mean(name, table)}")
    return table[name]


def validate_options(function: Callable[..., Any], options: Mapping[str, Any], what: str) -> None:
    """Reject options that are no keyword-only arguments of a function, are lacking, or not of their type or range."""
    known = _known_options(function)
    for option in options:
        if option not in known:
            raise SpecError(f"{what} has no option '{option}'. {did_you_mean(option, known)}", (option,))
    for option, (is_needed, kind) in known.items():
        if is_needed and option not in options:
            raise SpecError(f"{what} needs the option '{option}'")
        try:
            if option in options:
                kind.validate_python(options[option], strict=True)
        except ValidationError as error:
            wrong = f"{error.errors()[0]['msg']}, not {options[option]!r}"
            raise SpecError(f"{what}, option '{option}': {wrong}", (option,)) from None


@cache
def _known_options(function: Callable[..., Any]) -> dict[str, tuple[bool, TypeAdapter[Any]]]:
    """Return whether each option is needed, and its type. Building types takes a third of the time of a spec."""
    types = get_type_hints(function, include_extras=True)
    parameters = inspect.signature(function).parameters.values()
    return {p.name: (p.default is p.empty, TypeAdapter(types[p.name])) for p in parameters if p.kind is p.KEYWORD_ONLY}


def _no_options_is_none_given(block: Any) -> Any:
    if not isinstance(block, dict):
        return block
    return {name: {} if options is None else options for name, options in block.items()}


# What YAML may say is in the schema, by which `dg check yaml` validates.
Choices = Annotated[
    dict[str, dict[str, Any]],
    BeforeValidator(_no_options_is_none_given, json_schema_input_type=dict[str, dict[str, Any] | None]),
]
"""Entries of a table as YAML names them, each with its options."""
Choice = Annotated[
    Choices,
    Field(min_length=1, max_length=1),
    BeforeValidator(
        lambda value: {value: {}} if isinstance(value, str) else value,
        json_schema_input_type=str | dict[str, dict[str, Any] | None],
    ),
]
"""One entry: ``clip``, or with options ``{clip: {lower: 0.01}}``."""


@dataclass(frozen=True, eq=False)
class Entries:
    """Annotation of `Choices` and `Choice`: their JSON schema names the entries of a table, and each one's options."""

    table: Mapping[str, Callable[..., Any]]
    required: tuple[str, ...] = ()
    """Entries that must be named."""
    one: bool = False
    """Whether it is a `Choice`."""

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: Any) -> JsonSchemaValue:
        # An unknown name breaks two rules: the first shows its line, the second lists the names that are known.
        schema: JsonSchemaValue = {
            "type": "object",
            "properties": {name: _options_schema(function) for name, function in self.table.items()},
            "additionalProperties": False,
            "propertyNames": {"enum": [*self.table]},
            "required": [*self.required],
            "minProperties": 1,
        }
        return {"anyOf": [{"enum": [*self.table]}, {**schema, "maxProperties": 1}]} if self.one else schema


def _options_schema(function: Callable[..., Any]) -> JsonSchemaValue:
    options = _known_options(function)
    required = [name for name, (is_needed, _) in options.items() if is_needed]
    return {
        "type": "object" if required else ["object", "null"],
        "properties": {name: kind.json_schema() for name, (_, kind) in options.items()},
        "additionalProperties": False,
        "required": required,
    }


def chosen(table: Mapping[str, Callable[..., Any]], choice: Mapping[str, Mapping[str, Any]], what: str) -> Any:
    """Return the chosen function of a table with its options bound; both are validated."""
    ((name, options),) = choice.items()
    function = choose(table, name, what)
    validate_options(function, options, f"{what} '{name}'")
    return partial(function, **options)
