"""References between tables: the ``relationships`` of the standard, and to which share they must hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from open_data_contract_standard.model import Relationship

from ml_platform.choices import did_you_mean
from ml_platform.contract.display import percent
from ml_platform.contract.odcs.rule import custom_severity, slug
from ml_platform.contract.table_rules import ReferenceRule
from ml_platform.errors import ContractError

MATCHED_SHARE = "minMatchedShare"
"""Custom property of a relationship: least share (0 to 1) of the rows with a value that is found; 1 if not stated."""


def read_column_references(stated: Sequence[Relationship], table: str, column: str, where: str) -> list[ReferenceRule]:
    """Return the references of a column.

    Raises
    ------
    ContractError
        When a target is not written as ``table.column``, or the share is not one.
    """
    return [_reference(one, table, column, (column,), f"{where}, relationship") for one in stated]


def read_table_references(
    stated: Sequence[Relationship], table: str, columns: Iterable[str], where: str
) -> list[ReferenceRule]:
    """Return the references of a table, of one column or several; raises as ``read_column_references`` does."""
    columns, rules = tuple(columns), []
    for one in stated:
        place = f"{where}, relationship"
        own, sources = _split(one.from_, place)
        if own != table:
            raise ContractError(f"{place}: must be from table '{table}', not from '{own}'.")
        for source in sources:
            if source not in columns:
                raise ContractError(f"{place}: the contract has no column '{source}'. {did_you_mean(source, columns)}")
        rules.append(_reference(one, table, sources[0] if len(sources) == 1 else None, sources, place))
    return rules


def _reference(
    stated: Relationship, table: str, column: str | None, sources: tuple[str, ...], where: str
) -> ReferenceRule:
    if stated.type not in (None, "foreignKey"):
        raise ContractError(f"{where}: the platform cannot run type '{stated.type}', only 'foreignKey'.")
    other, targets = _split(stated.to, where)
    if len(targets) != len(sources):
        raise ContractError(f"{where}: has {len(sources)} columns and {len(targets)} targets.")
    share = _share(stated, where)
    extent = "Each value" if share == 1 else f"At least {percent(share)} of the values"
    return ReferenceRule(
        check=f"reference_{slug(stated.id)}" if stated.id else slug("_".join(["reference", *sources, "in", other])),
        column=column,
        severity=custom_severity(stated.customProperties, where),
        description=f"{extent} of {', '.join(sources)} is in {', '.join(targets)} of {other}.",
        columns=sources,
        table=other,
        targets=targets,
        min_share=share,
    )


def _split(stated: str | list[str] | None, where: str) -> tuple[str, tuple[str, ...]]:
    """Return the table, and the columns of it that are named."""
    parts = [one.split(".") for one in ([stated] if isinstance(stated, str) else stated or [])]
    if not parts or not all(len(part) == 2 for part in parts):
        raise ContractError(f"{where}: the platform reads references as table.column, not '{stated}'.")
    tables = {table for table, _ in parts}
    if len(tables) != 1:
        raise ContractError(f"{where}: is to one table, found {', '.join(sorted(tables))}.")
    return tables.pop(), tuple(column for _, column in parts)


def _share(stated: Relationship, where: str) -> float:
    shares = [custom.value for custom in stated.customProperties or [] if custom.property == MATCHED_SHARE]
    share = shares[0] if shares else 1
    if len(shares) > 1 or isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share <= 1:
        raise ContractError(f"{where}: {MATCHED_SHARE} must be stated once, above 0 and at most 1, not {shares}.")
    return float(share)
