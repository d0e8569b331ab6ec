"""From a source and what a person says of it to a proposal: each column's role, the partitions, the features."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ml_platform.errors import DataError, SpecError
from ml_platform.features.settings import RESERVED
from ml_platform.instants import read_instants
from ml_platform.partitions import Partitions
from ml_platform.scaffold.facts import Facts, all_facts, as_frame
from ml_platform.scaffold.keys import named_key, with_row_numbers
from ml_platform.scaffold.names import feature_name
from ml_platform.scaffold.partitioning import Cut, cut
from ml_platform.scaffold.roles import Role, Stated, all_roles, reason_to_leave_out
from ml_platform.scaffold.source import Source
from ml_platform.scaffold.strength import NEAR_COPY, strength
from ml_platform.scaffold.target import TargetGuess, guess_target
from ml_platform.task import PROBABILITY, REGRESSION, Task

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

ROWS_TO_TRAIN = 1000
ROWS_OF_RAREST_CLASS = 60
ROWS_TO_TEST = 125
"""A few more than a gate asks for, since a hash of the key does not cut exactly."""
LEAST_TEST_SHARE, MOST_TEST_SHARE = 0.2, 0.4
YEAR = "%Y"


@dataclass(frozen=True)
class Proposal:
    """All that is known and guessed; `render` writes it down.

    Attributes
    ----------
    table
        The rows as they go to ``data/raw``.
    made_key
        Whether the key is a row number that the file does not have.
    """

    source: Source
    table: pa.Table
    facts: Mapping[str, Facts]
    roles: Mapping[str, Role]
    target: TargetGuess
    key: tuple[str, ...]
    made_key: bool
    time: str | None
    time_format: str | None
    cut: Cut | None
    timezone: str

    @property
    def partitions(self) -> Partitions | None:
        """How the table is cut, if it is."""
        return self.cut.partitions if self.cut else None

    @property
    def features(self) -> list[tuple[str, str, Role]]:
        """Name, column and role of each input of the model."""
        named: list[tuple[str, str, Role]] = []
        reserved = (*RESERVED, PROBABILITY)
        for column, role in self.roles.items():
            if role.use in ("number", "category"):
                taken = [*self.key, *(name for name, _, _ in named)]
                named.append((feature_name(column, reserved, taken), column, role))
        return named

    @property
    def window(self) -> int:
        """Partitions to train on: enough rows, also of the rarest class."""
        if self.cut is None:
            return 1
        wanted = ROWS_TO_TRAIN
        facts = self.facts[self.target.column]
        if self.target.task != REGRESSION:
            wanted = max(wanted, math.ceil(ROWS_OF_RAREST_CLASS * facts.n_rows / min(facts.counts)))
        return self.cut.window(wanted)

    @property
    def n_window_rows(self) -> int:
        """Rows that a model is trained, chosen and tested on, in the window that has the fewest."""
        if self.cut is None:
            return int(self.table.num_rows)
        counts = [len(self.cut.positions[key]) for key in self.cut.run()]
        return min(sum(counts[at : at + self.window]) for at in range(len(counts) - self.window + 1))

    @property
    def test_share(self) -> float:
        """Share of these rows to test on: more of few, so that there are enough to decide on."""
        wanted = math.ceil(100 * ROWS_TO_TEST / self.n_window_rows) / 100
        return min(max(wanted, LEAST_TEST_SHARE), MOST_TEST_SHARE)

    def pieces(self) -> dict[str | None, pa.Table]:
        """Return the rows of each partition, or all of them."""
        if self.cut is None:
            return {None: self.table}
        return {key: self.table.take(rows) for key, rows in self.cut.positions.items()}


def propose(source: Source, stated: Stated, *, task: Task | None, timezone: str, time_format: str | None) -> Proposal:
    """Look at every column of a table, and say what it may be.

    Raises
    ------
    SpecError
        When a column that is named does not exist, or is named for two things.
    DataError
        When the key is not one, the target cannot be learned, or no column is left to learn from.
    """
    stated = _in_table(source, stated)
    table, facts = source.table, all_facts(source.table)
    target = guess_target(facts[stated.target], task)
    frame = as_frame(table)
    key = named_key(frame, facts, stated)
    made_key = not key
    if made_key:
        table, name = with_row_numbers(table)
        key, facts = (name,), all_facts(table)
    time_format = time_format if source.file.suffix.lower() != ".csv" else None
    pieces, time_format = _cut(frame, facts, stated, timezone, time_format)
    copies = _near_copies(frame, facts, replace(stated, key=key), target)
    roles = all_roles(facts, replace(stated, key=key), copies)
    if made_key:
        roles[key[0]] = Role(key[0], "key", "made: no column of the file names its rows, so they are numbered")
    proposal = Proposal(source, table, facts, roles, target, key, made_key, stated.time, time_format, pieces, timezone)
    _validate_some_left(proposal)
    return _without_empty_pieces(proposal)


def _in_table(source: Source, stated: Stated) -> Stated:
    """Return what is stated, columns called as in the table."""
    said = Stated(
        target=source.column(stated.target),
        key=tuple(map(source.column, stated.key)),
        time=source.column(stated.time) if stated.time is not None else None,
        protected=tuple(map(source.column, stated.protected)),
        keep=tuple(map(source.column, stated.keep)),
        drop=tuple(map(source.column, stated.drop)),
    )
    uses = {"--key": said.key, "--time": (said.time,), "--protected": said.protected, "--keep": said.keep}
    for option, columns in {**uses, "--drop": said.drop}.items():
        if said.target in columns:
            raise SpecError(f"column '{said.target}' is the target, and {option} as well")
    if both := sorted(set(said.keep) & {*said.drop, *said.protected}):
        raise SpecError(f"column '{both[0]}' is both kept and left out")
    return said


def _cut(
    frame: pd.DataFrame, facts: Mapping[str, Facts], stated: Stated, timezone: str, time_format: str | None
) -> tuple[Cut | None, str | None]:
    """Return the partitions, and how a time that is a number or text is read."""
    if stated.time is None:
        return None, None
    one = facts[stated.time]
    if one.kind == "integer" and time_format is None and one.least >= 1700 and one.most <= 2249:
        time_format = YEAR
    if one.kind == "string" and time_format is None:
        such = f" (such as {one.values[0]!r})" if one.values else ""
        raise DataError(
            f"column '{stated.time}' is text{such}, not times. Say how to read it: --time-format '%d/%m/%Y'"
        )
    if one.kind in ("boolean", "number"):
        raise DataError(f"column '{stated.time}' is of type {one.kind}, not times")
    instants = read_instants(frame[stated.time], f"column '{stated.time}'", timezone=timezone, time_format=time_format)
    return cut(instants, timezone, stated.time), time_format


def _near_copies(
    frame: pd.DataFrame, facts: Mapping[str, Facts], stated: Stated, target: TargetGuess
) -> dict[str, float]:
    """Return the columns that tell nearly all of the target by themselves, and how much they tell."""
    named = {stated.target, stated.time, *stated.key, *stated.protected, *stated.keep, *stated.drop}
    answer = frame[target.column]
    told = {
        name: strength(frame[name], answer, target.task, classes=facts[target.column].n_distinct)
        for name, one in facts.items()
        if name not in named and not reason_to_leave_out(one)
    }
    return {name: share for name, share in told.items() if share >= NEAR_COPY}


def _validate_some_left(proposal: Proposal) -> None:
    if proposal.features:
        return
    left = [f"{role.column}: {role.reason}" for role in proposal.roles.values() if role.use == "left out"]
    raise DataError(
        "\n  ".join(["no column is left that a model could learn from:", *left, "Name those to use: --keep COLUMN"])
    )


def _without_empty_pieces(proposal: Proposal) -> Proposal:
    """Leave out a column that has no value at all in some partition: no contract can state that share."""
    if proposal.cut is None:
        return proposal
    pieces = proposal.pieces().values()
    empty = [
        name for name in proposal.table.column_names if any(piece[name].null_count == len(piece) for piece in pieces)
    ]
    if proposal.target.column in empty:
        return proposal
    if not empty:
        return proposal
    why = "some partitions have no value of it at all, which no contract can allow: it is not in the table"
    roles = dict(proposal.roles)
    for name in empty:
        before = f"{roles[name].reason}; " if roles[name].use == "left out" else ""
        roles[name] = Role(name, "left out", before + why, suspicious=True)
    kept = replace(
        proposal,
        table=proposal.table.drop_columns(empty),
        facts={name: one for name, one in proposal.facts.items() if name not in empty},
        roles=roles,
    )
    _validate_some_left(kept)
    return kept
