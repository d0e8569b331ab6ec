"""The exploration of a training window, in one document."""

from dataclasses import asdict, dataclass
from typing import Any

from ml_platform.errors import DataError
from ml_platform.exploration.associations import Association, associate
from ml_platform.exploration.columns import Column, describe_columns
from ml_platform.exploration.distributions import Distribution, distribute
from ml_platform.exploration.duplicates import Duplicates, find_duplicates
from ml_platform.exploration.label_issues import LabelIssues, find_label_issues
from ml_platform.exploration.rows import Rows
from ml_platform.exploration.shift import Shift, compare_parts
from ml_platform.exploration.target import TargetPart, describe_target


@dataclass(frozen=True)
class Exploration:
    """Everything that is described and measured of a training window."""

    task: str
    n_rows: int
    target: tuple[TargetPart, ...]
    columns: tuple[Column, ...]
    distributions: tuple[Distribution, ...]
    associations: tuple[Association, ...]
    duplicates: Duplicates
    shifts: tuple[Shift, ...]
    label_issues: LabelIssues

    def to_document(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)


def explore(rows: Rows) -> Exploration:
    """Describe the rows of a training window, at least one; the same rows and seed give the same document."""
    if not len(rows):
        raise DataError("a training window without labelled rows cannot be explored")
    return Exploration(
        task=rows.task,
        n_rows=len(rows),
        target=describe_target(rows),
        columns=describe_columns(rows),
        distributions=distribute(rows),
        associations=associate(rows),
        duplicates=find_duplicates(rows),
        shifts=compare_parts(rows),
        label_issues=find_label_issues(rows),
    )
