"""Reads one column of a contract document: its types, the rules on its values, and how many may be missing."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from open_data_contract_standard.model import SchemaProperty

from ml_platform.choices import did_you_mean
from ml_platform.contract.contract import Column
from ml_platform.contract.metrics import CountRule
from ml_platform.contract.odcs.options import OPTIONS, read_options, read_zone
from ml_platform.contract.rules import Length, NoneOf, OneOf, Pattern, Required, Rule
from ml_platform.contract.table_rule import TableRule, validate_known
from ml_platform.errors import ContractError

PYTHON_TYPES: Mapping[str, Any] = {"string": str, "integer": int, "number": int | float, "boolean": bool}
"""Logical type → the types that the values of a set may have."""
TIMES = ("timestamp", "date", "time")
"""Logical types that may be written as strings, in the format that the contract states."""
PUBLIC = ("public", "internal")
"""Classifications of columns whose values may be read in messages and pages; those of any other are personal."""
PERSONAL_TAGS = frozenset({"personal", "pii", "sensitive"})
"""Tags of columns that are personal whatever their classification."""
INTEGERS = tuple(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64))
PHYSICAL_TYPES: Mapping[str, str] = {
    **{name: name for name in INTEGERS},
    **{"float": "float32", "double": "float64", "decimal": r"decimal128\(.*\)"},
    **dict.fromkeys(("string", "large_string"), "string"),
    **dict.fromkeys(("bool", "boolean"), "bool"),
    **dict.fromkeys(("date", "date32", "date32[day]"), r"date32\[day\]"),
    **dict.fromkeys(("time", "time32[s]", "time32[ms]", "time64[us]", "time64[ns]"), r"time(32|64)\[..?\]"),
    **{f"timestamp[{unit}]": rf"timestamp\[{unit}\]" for unit in ("s", "ms", "us", "ns")},
    **{"timestamp_ntz": r"timestamp\[..?\]", "timestamp_tz": r"timestamp\[..?, tz=.*\]"},
}
"""Physical type → the Arrow types that a column of it may have, as a regular expression.

The names are those of Arrow, or those of contract tools where the unit is left open. A timestamp may name its zone
(``timestamp[ms, UTC]``), a decimal its size (``decimal(10, 2)``).
"""
_LETTERS: Mapping[str, tuple[str, str]] = {
    "yyyy": ("%Y", r"\d{4}"),
    "yy": ("%y", r"\d{2}"),
    "MM": ("%m", r"\d{2}"),
    "dd": ("%d", r"\d{2}"),
    "HH": ("%H", r"\d{2}"),
    "mm": ("%M", r"\d{2}"),
    "ss": ("%S", r"\d{2}"),
    "SSSSSS": ("%6f", r"\d{6}"),
    "SSS": ("%3f", r"\d{3}"),
    "XXX": ("%#z", r"(Z|[+-]\d{2}:\d{2})"),
    "XX": ("%#z", r"(Z|[+-]\d{4})"),
}
"""Letters of Java's ``DateTimeFormatter`` → those of Polars, and what they look like."""
_TOKEN = re.compile(r"'([^']*)'|([A-Za-z])\2*|[^A-Za-z']")
_SIZED = re.compile(r"^decimal(?:128)?\((\d+), ?(\d+)\)$")
_ZONED = re.compile(r"^(timestamp\[(?:s|ms|us|ns)), ?(?:tz=)?([^\]]+)\]$")


def read_column(stated: SchemaProperty, quality: Sequence[TableRule], where: str) -> tuple[Column, list[TableRule]]:
    """Return the column, and those of its quality rules that are on the column as a whole."""
    logical_type, options = str(stated.logicalType), stated.logicalTypeOptions or {}
    rules, max_null_share, table_rules = read_options(logical_type, options, where), None, list[TableRule]()
    for rule in quality:
        if isinstance(rule, CountRule) and rule.is_of_each_row:
            rules += rule.parts
        elif isinstance(rule, CountRule) and max_null_share is None and rule.max_null_share is not None:
            max_null_share = rule.max_null_share
        else:
            table_rules.append(rule)
    if stated.enum is not None:
        rules.append(OneOf(tuple(entry.value for entry in stated.enum)))
    counted = [rule.parts for rule in table_rules if isinstance(rule, CountRule)]
    if bool(stated.required) == (max_null_share is not None or (Required(),) in counted):
        raise ContractError(f"{where}: say either required: true, or with a nullValues metric how many may be missing.")
    _validate_values(logical_type, [*rules, *(part for parts in counted for part in parts)], where)
    column = Column(
        name=str(stated.name),
        type=logical_type,
        required=bool(stated.required),
        personal=_is_personal(stated),
        rules=(Required(), *rules) if stated.required else tuple(rules),
        max_null_share=max_null_share,
        has_time_zone=options.get("timezone"),
        physical_type=stated.physicalType or "",
        arrow_type=_arrow_type(stated.physicalType or "") or "",
        description=(stated.description or "").strip(),
        text_format=_text_format(stated, options, where),
        default_time_zone=read_zone(options, where),
        business_name=stated.businessName or "",
    )
    return column, table_rules


def _is_personal(stated: SchemaProperty) -> bool:
    tags = {tag.lower() for tag in stated.tags or ()}
    return (stated.classification or PUBLIC[0]).lower() not in PUBLIC or not PERSONAL_TAGS.isdisjoint(tags)


def validate_types(stated: SchemaProperty, where: str) -> None:
    """Reject logical and physical types that the platform cannot run."""
    validate_known(stated.logicalType, OPTIONS, "logicalType", where)
    if stated.physicalType and _arrow_type(stated.physicalType) is None:
        sized = " A timestamp may name its zone: timestamp[ms, UTC]; a decimal its size: decimal(10, 2)."
        known = did_you_mean(stated.physicalType, PHYSICAL_TYPES)
        raise ContractError(f"{where}: the platform cannot check physicalType '{stated.physicalType}'. {known}{sized}")
    if stated.physicalName not in (None, stated.name):
        raise ContractError(f"{where}: columns are found by name, not by physicalName '{stated.physicalName}'.")


def _arrow_type(name: str) -> str | None:
    """Return the Arrow types of a physical type as in ``PHYSICAL_TYPES``; None when there is no such physical type."""
    if sized := _SIZED.match(name):
        return re.escape(f"decimal128({sized.group(1)}, {sized.group(2)})")
    if zoned := _ZONED.match(name):
        return re.escape(f"{zoned.group(1)}, tz={zoned.group(2)}]")
    return PHYSICAL_TYPES.get(name)


def _text_format(stated: SchemaProperty, options: Mapping[str, Any], where: str) -> tuple[str, str, str] | None:
    if stated.logicalType not in TIMES or "format" not in options:
        return None
    if stated.physicalType != "string":
        raise ContractError(f"{where}: a format is for a {stated.logicalType} stored as text: physicalType: string.")
    return (str(options["format"]), *read_time_format(options["format"], f"{where}, format"))


def read_time_format(pattern: object, where: str) -> tuple[str, str]:
    """Return a pattern of Java's ``DateTimeFormatter`` as a format of Polars and as a regular expression."""
    format_, regex = "", ""
    for token in _TOKEN.finditer(str(pattern)):
        text = token.group(0)
        if text in _LETTERS:
            directive, looks = _LETTERS[text]
        elif token.group(2) and text != "T":
            known = did_you_mean(text, _LETTERS)
            raise ContractError(f"{where}: the platform cannot read '{text}' of '{pattern}'. {known}")
        else:
            literal = token.group(1) if text.startswith("'") else text
            directive, looks = literal.replace("%", "%%"), re.escape(literal)
        format_, regex = format_ + directive, regex + looks
    if "%" not in format_:
        raise ContractError(f"{where}: '{pattern}' has no letters of a date or time. {did_you_mean('', _LETTERS)}")
    return format_, f"^{regex}$"


def _validate_values(logical_type: str, rules: Sequence[Rule], where: str) -> None:
    """Reject rules that no value of the type could keep: patterns of numbers, sets of another type."""
    for rule in rules:
        if isinstance(rule, Pattern | Length) and logical_type != "string":
            raise ContractError(f"{where}: only strings have a pattern, not type {logical_type}.")
        if not isinstance(rule, OneOf | NoneOf):
            continue
        if not rule.values:
            raise ContractError(f"{where}: the set of values is empty.")
        for value in rule.values:
            # bool is an int to Python, and YAML reads a bare `no` as one
            right = isinstance(value, PYTHON_TYPES.get(logical_type, ()))
            if not right or (isinstance(value, bool) and logical_type != "boolean"):
                raise ContractError(f"{where}: the set holds {value!r}, not of type {logical_type}; is it quoted?")
