"""docs/benchmarks.md, made from docs/benchmarks.json alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

HEAD = """\
# Benchmarks

Made by `make bench` from [benchmarks.json](benchmarks.json); do not edit.
"""


def render(document: Mapping[str, Any]) -> str:
    """Return Markdown: the machine, then a section per benchmark."""
    machine, versions = document["machine"], document["versions"]
    where = (
        f"{machine['cores']} cores, {machine['memory_gib']} GiB, Python {machine['python']}, {machine['platform']}. "
        + ", ".join(f"{name} {version}" for name, version in versions.items())
    )
    sections = [section(entry) for entry in document["benchmarks"].values()]
    return "\n".join([HEAD, where + ".", *sections])


def section(entry: Mapping[str, Any]) -> str:
    """Return one benchmark's title, what it measures, and its figures as a table."""
    warning = ["**Quick run: the sizes are too small for the figures to mean anything.**", ""] if entry["quick"] else []
    when = f"Measured {entry['measured_at']}, in {entry['took_seconds']} s."
    about = [entry["about"], ""] if entry["about"] else []
    shown = [*figures(entry["figures"]), *meanings(entry.get("meanings", {}))]
    return "\n".join(["", f"## {entry['title']}", "", *warning, *about, *shown, when, ""])


def meanings(value: Mapping[str, str]) -> list[str]:
    """Return a list of what the figures mean, and an empty line."""
    return [*(f"- {_words(name)}: {text}" for name, text in value.items()), ""] if value else []


def figures(value: Mapping[str, Any]) -> list[str]:
    """Return tables: one for all single values, ratios first, and one for each list of rows or mapping of rows."""
    single = {name: item for name, item in value.items() if not isinstance(item, (Mapping, list))}
    single = dict(sorted(single.items(), key=lambda entry: not is_ratio(entry[0])))
    lines = table([{"": _words(name), "value": item} for name, item in single.items()]) if single else []
    for name, item in value.items():
        if name not in single:
            lines += [*([f"### {_words(name)}", ""] if len(value) > 1 else []), *table(_rows(item))]
    return lines


def is_ratio(name: str) -> bool:
    """Return whether a figure compares two others: ``times_faster``, ``platform_to_script``."""
    return name.startswith("times_") or "_to_" in name


def table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the lines of a Markdown table with a column for every key, and an empty line."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    cells = [[_cell(row.get(name)) for name in columns] for row in rows]
    lines = [[_words(name) for name in columns], ["---"] * len(columns), *cells]
    return [*("| " + " | ".join(line) + " |" for line in lines), ""]


def _rows(value: Mapping[str, Any] | Sequence[Any]) -> list[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        return [
            {"": _words(name), **(item if isinstance(item, Mapping) else {"value": item})}
            for name, item in value.items()
        ]
    return [item if isinstance(item, Mapping) else {"value": item} for item in value]


def _words(name: str) -> str:
    return name.replace("_", " ")


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
        case str():
            return value.replace("|", "\\|")
        case _:
            return (
                ", ".join(f"{name}: {_cell(item)}" for name, item in value.items())
                if isinstance(value, Mapping)
                else str(value)
            )
