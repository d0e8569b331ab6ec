"""Arrow tables as pandas frames."""

import re

import pandas as pd
import pyarrow as pa

INDEX = re.compile(r"__index_level_\d+__")
"""Columns in which pandas writes an index without a name, such as that of a filtered frame. They are no data."""

NULLABLE = {
    pa.int8(): pd.Int8Dtype(),
    pa.int16(): pd.Int16Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.uint8(): pd.UInt8Dtype(),
    pa.uint16(): pd.UInt16Dtype(),
    pa.uint32(): pd.UInt32Dtype(),
    pa.uint64(): pd.UInt64Dtype(),
}


def to_frame(table: pa.Table) -> pd.DataFrame:
    """Return a table as a frame, its rows counted from 0.

    Integers beside missing values stay integers: floats would alter those above 2^53.
    """
    table = table.replace_schema_metadata(None)  # it may say which column pandas had as an index
    names = table.column_names
    holed = [name for name in names if table.schema.field(name).type in NULLABLE and table[name].null_count]
    frame: pd.DataFrame = table.drop_columns(holed).to_pandas()
    return frame.join(table.select(holed).to_pandas(types_mapper=NULLABLE.get))[names] if holed else frame
