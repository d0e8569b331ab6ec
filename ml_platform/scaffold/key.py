"""The key: the columns that name a row, as stated, as inferred, or a number for each row."""

from collections.abc import Mapping

import pandas as pd
import pyarrow as pa

from ml_platform.errors import DataError
from ml_platform.scaffold.profile import ColumnProfile
from ml_platform.scaffold.roles import IDENTIFIER, ColumnOptions, identifies
from ml_platform.scaffold.usable_names import numbered

ROW_NUMBER = "row_number"


def find_key(frame: pd.DataFrame, profiles: Mapping[str, ColumnProfile], options: ColumnOptions) -> tuple[str, ...]:
    """Return the stated key, which has to name the rows, or an inferred one; empty when no column names the rows."""
    if not options.key:
        return _infer_key(profiles, options)
    columns = list(options.key)
    for name in columns:
        if profiles[name].n_missing:
            raise DataError(f"key column '{name}': {profiles[name].n_missing:,} of {len(frame):,} rows have no value")
    repeated = frame.duplicated(columns, keep=False)
    if repeated.any():
        example = ", ".join(f"{name} = {frame.loc[repeated, name].tolist()[0]!r}" for name in columns)
        unique = [name for name, profile in profiles.items() if profile.is_unique and name != options.target]
        hint = f"Columns that do: {', '.join(unique)}" if unique else "No column does; without --key, rows are numbered"
        raise DataError(
            f"key ({', '.join(columns)}) does not name rows: {int(repeated.sum()):,} of {len(frame):,} rows share "
            f"theirs with another, such as {example}. {hint}"
        )
    return options.key


def _infer_key(profiles: Mapping[str, ColumnProfile], options: ColumnOptions) -> tuple[str, ...]:
    """Return the first column that identifies rows; those whose name says so come first."""
    taken = {options.target, options.time, *options.protected, *options.keep, *options.drop}
    candidates = [name for name, profile in profiles.items() if name not in taken and identifies(profile)]
    named = [name for name in candidates if IDENTIFIER.search(name)]
    return tuple([*named, *candidates][:1])


def with_row_numbers(table: pa.Table) -> tuple[pa.Table, str]:
    """Return the table with a last column that counts its rows from 1, and the name of that column."""
    name = numbered(ROW_NUMBER, table.column_names.__contains__)
    return table.append_column(name, pa.array(range(1, table.num_rows + 1), pa.int64())), name
