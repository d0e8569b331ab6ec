"""References between tables: the ``relationships`` of the standard, and to which share they must hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from open_data_contract_standard.model import Relationship

from ml_platform.contract.result import CompiledCheck, Outcome, Results
from ml_platform.contract.rules import true_expectation
from ml_platform.contract.table_rule import Place, TableRule, custom_property, custom_severity, is_number, percent, slug
from ml_platform.errors import ContractError

if TYPE_CHECKING:
    from ml_platform.contract.validation.table import TypedTable

MATCHED_SHARE = "minMatchedShare"
"""Custom property of a relationship: least share (0 to 1) of the rows with a value that is found; 1 if not stated."""


@dataclass(frozen=True, kw_only=True)
class ReferenceRule(TableRule):
    """The least share (0 to 1) of rows whose values are found together in columns of another table, ``targets``."""

    targets: tuple[str, ...]
    min_share: float

    @property
    def table(self) -> str:
        """The table that is referred to, which may be its own."""
        return self.tables[0]

    def compile(self, table: TypedTable) -> CompiledCheck:
        """Look each row up; rows with a missing value refer to nothing, as in SQL."""
        own, target = ", ".join(self.reads), f"{', '.join(self.targets)} of {self.table}"
        found = table.found_in(self.table, dict(zip(self.reads, self.targets, strict=True)))
        if found is None:
            text = f"values of {own} cannot be compared with {target}: they are of other types."
            return table.decided(self, False, 0, text)
        n_values = table.frame.select(found.count()).collect().item()

        def interpret(results: Results) -> Outcome:
            rows = results[0].rows
            n_found = n_values - len(rows)
            share = n_found / n_values if n_values else 1.0
            text = f"{n_found:,} of {n_values:,} values of {own} are in {target}"
            text = f"{text} ({percent(share)}, at least {percent(self.min_share)})"
            passed = share >= self.min_share
            missed = "" if passed else f"; not there: {table.examples(self.reads, rows)}"
            return table.rule_outcome(self, passed, len(rows), f"{text}{missed}.")

        return CompiledCheck(self, [true_expectation(f"{self.name} holds", found)], interpret)


def read_reference(stated: Relationship, place: Place) -> ReferenceRule:
    """Return the rule of a relationship, which on a table names its own columns."""
    place = place.within("relationship")
    where, sources = place.where, (place.column,) if place.column else _sources(stated, place)
    if stated.type not in (None, "foreignKey"):
        raise ContractError(f"{where}: the platform cannot run type '{stated.type}', only 'foreignKey'.")
    other, targets = _split(stated.to, where)
    if len(targets) != len(sources):
        raise ContractError(f"{where}: has {len(sources)} columns and {len(targets)} targets.")
    share = custom_property(stated.customProperties, MATCHED_SHARE, where)
    share = 1 if share is None else share
    if not is_number(share) or not 0 < share <= 1:
        raise ContractError(f"{where}: {MATCHED_SHARE} must be above 0 and at most 1, not {share}.")
    extent = "Each value" if share == 1 else f"At least {percent(share)} of the values"
    return ReferenceRule(
        name=f"reference_{slug(stated.id)}" if stated.id else slug("_".join(["reference", *sources, "in", other])),
        column=sources[0] if len(sources) == 1 else None,
        severity=custom_severity(stated.customProperties, where),
        description=f"{extent} of {', '.join(sources)} is in {', '.join(targets)} of {other}.",
        reads=sources,
        tables=(other,),
        targets=targets,
        min_share=float(share),
    )


def _sources(stated: Relationship, place: Place) -> tuple[str, ...]:
    own, sources = _split(stated.from_, place.where)
    if own != place.table:
        raise ContractError(f"{place.where}: must be from table '{place.table}', not from '{own}'.")
    place.validate_columns(sources)
    return sources


def _split(stated: str | list[str] | None, where: str) -> tuple[str, tuple[str, ...]]:
    """Return the table, and the columns of it that are named."""
    parts = [one.split(".") for one in ([stated] if isinstance(stated, str) else stated or [])]
    if not parts or not all(len(part) == 2 for part in parts):
        raise ContractError(f"{where}: the platform reads references as table.column, not '{stated}'.")
    tables = {table for table, _ in parts}
    if len(tables) != 1:
        raise ContractError(f"{where}: is to one table, found {', '.join(sorted(tables))}.")
    return tables.pop(), tuple(column for _, column in parts)
