"""A proposal as the two files of a model: its contract and its ``defs.yaml``, with comments where a person decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from ml_platform.scaffold.facts import Facts
from ml_platform.scaffold.propose import Proposal
from ml_platform.scaffold.ranges import allowed_missing, allowed_rows, widened
from ml_platform.task import BINARY, MULTICLASS, REGRESSION, Task

CONTRACT, DEFS = "contract.yaml", "defs.yaml"
TEMPLATES = (CONTRACT, DEFS)
MAX_VALID_VALUES = 50
LONGER = 2
PHYSICAL = {"date32[day]": "date32"}
"""Arrow's name of a type → the contract's, where it is another one."""
METRIC: Mapping[Task, str] = {BINARY: "roc_auc", MULTICLASS: "log_loss", REGRESSION: "root_mean_squared_error"}
LINEAR: Mapping[Task, str] = {BINARY: "logistic_regression", MULTICLASS: "logistic_regression", REGRESSION: "ridge"}
CRON = {"day": "0 6 * * *", "week": "0 6 * * 1", "month": "0 6 2 * *", "year": "0 6 2 1 *"}


@dataclass(frozen=True)
class ColumnText:
    """One column of the contract, as the template writes it."""

    facts: Facts
    description: str
    name_in_file: str | None
    physical_type: str
    options: Mapping[str, Any]
    seen: str
    valid_values: tuple[Any, ...]
    null_percent: int | None
    key_position: int | None
    classification: str | None


def render(proposal: Proposal, *, name: str, owner: str, command: str) -> dict[str, str]:
    """Return the text of each file by its name.

    Parameters
    ----------
    command
        The command that makes the proposal, for the head of both files.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("ml_platform.scaffold"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # YAML, and every value goes through `yaml`
    )
    environment.filters |= {"yaml": as_yaml, "comment": as_comment}
    task = proposal.target.task
    counts = [piece.num_rows for piece in proposal.pieces().values()]
    said = {
        "proposal": proposal,
        "name": name,
        "owner": owner,
        "command": command,
        "columns": list(_columns(proposal)),
        "rows": allowed_rows(counts),
        "seen_rows": f"{min(counts):,} to {max(counts):,}" if len(counts) > 1 else f"{counts[0]:,}",
        "metric": METRIC[task],
        "linear": LINEAR[task],
        "cron": CRON[proposal.partitions.every] if proposal.partitions else None,
        "available_later": _available_later(proposal),
    }
    return {file: environment.get_template(f"{file}.j2").render(said) for file in TEMPLATES}


def as_yaml(value: Any) -> str:
    """Return a value as YAML on one line; text always in quotes, so that no, on, null and 007 stay text."""
    quoted = '"' if isinstance(value, str) else None
    text: str = yaml.safe_dump(value, default_style=quoted, allow_unicode=True, width=2**31, default_flow_style=True)
    return text.removesuffix("...\n").strip()


def as_comment(text: str) -> str:
    """Return text that can stand behind a ``#``."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _columns(proposal: Proposal) -> Iterator[ColumnText]:
    pieces = list(proposal.pieces().values())
    for name, facts in proposal.facts.items():
        role = proposal.roles[name]
        valid_values = _valid_values(facts, is_input=role.use in ("category", "target"))
        original = proposal.source.original.get(name)
        shares = [piece[name].null_count / len(piece) for piece in pieces]
        yield ColumnText(
            facts=facts,
            description=_description(proposal, name),
            name_in_file=original if original not in (None, name) else None,
            physical_type=PHYSICAL.get(facts.arrow_type, facts.arrow_type),
            options=_options(facts, valid_values, bounded=name not in proposal.key and role.use != "time"),
            seen=_seen(facts),
            valid_values=valid_values,
            null_percent=allowed_missing(max(shares)) if facts.n_missing else None,
            key_position=proposal.key.index(name) + 1 if name in proposal.key else None,
            classification="protected" if role.use == "left out" and "protected" in role.reason else None,
        )


def _description(proposal: Proposal, name: str) -> str:
    if proposal.made_key and name in proposal.key:
        return "Number of the row in the file it came from; the file names no key."
    role = proposal.roles[name]
    uses = {"target": "What the model predicts", "key": "Names the row", "time": "When"}
    use = uses.get(role.use, "Not an input of the model" if role.use == "left out" else f"An input, as a {role.use}")
    notes = [role.reason] if role.use not in uses else []
    return "; ".join([use, *notes, *proposal.source.notes.get(name, ())]) + "."


def _valid_values(facts: Facts, *, is_input: bool) -> tuple[Any, ...]:
    """Return the values that are allowed: those seen, where they are few and a new one should be noticed."""
    if facts.kind not in ("string", "integer") or not is_input or facts.n_distinct > MAX_VALID_VALUES:
        return ()
    return facts.values


def _options(facts: Facts, valid_values: tuple[Any, ...], *, bounded: bool) -> dict[str, Any]:
    if facts.kind == "timestamp":
        return {"timezone": True} if facts.has_zone else {}
    if valid_values or not bounded:
        return {}
    if facts.kind == "string":
        return {"maxLength": LONGER * facts.longest}
    if facts.kind in ("integer", "number"):
        minimum, maximum = widened(facts.least, facts.most, whole=facts.kind == "integer")
        return {"minimum": minimum, "maximum": maximum}
    return {}


def _seen(facts: Facts) -> str:
    if facts.kind in ("integer", "number", "timestamp", "date"):
        return f"{facts.least} to {facts.most}"
    return f"{facts.n_distinct:,} values" if facts.kind == "boolean" else f"at most {facts.longest} characters"


def _available_later(proposal: Proposal) -> dict[str, str]:
    leaks = {role.column: f"perhaps; it {role.reason}" for role in proposal.roles.values() if role.leaks}
    return {proposal.target.column: "it is what the model predicts", **leaks}
