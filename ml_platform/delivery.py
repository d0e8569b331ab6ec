"""The `delivery:` block of a model's YAML: how the next file of its table is read."""

from pydantic import Field

from ml_platform.choices import Block


class Delivery(Block):
    """What `ml-platform new` found out about the first file. It decides no value that is stored already."""

    encoding: str | None = None
    """Of CSV files that are neither UTF-8 nor have a byte order mark."""
    delimiter: str | None = None
    """Of CSV files; found out when left out."""
    missing: tuple[str, ...] = ()
    """Words that stand for a missing value in any column of a text file."""
    decimal_comma: bool = False
    """Whether ``1,5`` is a number in a text file."""
    formats: dict[str, str] = Field(default_factory=dict)
    """Column → the `strptime` format of its times in text files, where they are not ISO 8601."""
    ignore: tuple[str, ...] = ()
    """Columns of files that are not in the table."""
    row_number: str | None = None
    """Key column that no file has: rows are numbered as they are delivered."""
