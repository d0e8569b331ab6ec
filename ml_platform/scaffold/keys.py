"""The columns that name a row: as a person says, as they look, or a number for each row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ml_platform.errors import DataError
from ml_platform.scaffold.facts import Facts
from ml_platform.scaffold.roles import Stated, guess_key

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

ROW_NUMBER = "row_number"


def named_key(frame: pd.DataFrame, facts: Mapping[str, Facts], stated: Stated) -> tuple[str, ...]:
    """Return the stated key, held against the rows, or a guessed one; empty when no column names the rows.

    Raises
    ------
    DataError
        When a value of the stated key is missing, or rows share theirs; with counts and an example.
    """
    if not stated.key:
        taken = {stated.target, stated.time, *stated.protected, *stated.keep, *stated.drop}
        guess = guess_key(facts, [name for name in taken if name])
        return (guess,) if guess else ()
    columns = list(stated.key)
    for name in columns:
        if facts[name].n_missing:
            raise DataError(f"key column '{name}': {facts[name].n_missing:,} of {len(frame):,} rows have no value")
    twins = frame.duplicated(columns, keep=False)
    if twins.any():
        example = ", ".join(f"{name} = {frame.loc[twins, name].iloc[0]!r}" for name in columns)
        unique = [name for name, one in facts.items() if one.is_unique and name != stated.target]
        hint = f"Columns that do: {', '.join(unique)}" if unique else "No column does; without --key, rows are numbered"
        raise DataError(
            f"key ({', '.join(columns)}) does not name rows: {int(twins.sum()):,} of {len(frame):,} rows share theirs "
            f"with another, such as {example}. {hint}"
        )
    return stated.key


def with_row_numbers(table: pa.Table) -> tuple[pa.Table, str]:
    """Return the table with a last column that counts its rows from 1, and the name of that column."""
    import pyarrow as pa

    names = (ROW_NUMBER, *(f"{ROW_NUMBER}_{n}" for n in range(2, table.num_columns + 3)))
    name = next(name for name in names if name not in table.column_names)
    numbered = table.append_column(name, pa.array(range(1, table.num_rows + 1), pa.int64()))
    return numbered, name
