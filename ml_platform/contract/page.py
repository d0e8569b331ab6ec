"""A validation result as one HTML page: what does not hold first, with bounds, counts and values, then the rest."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path, PurePath
from typing import NamedTuple

from ml_platform.contract.contract import Contract
from ml_platform.contract.result import CheckResult, ValidationResult
from ml_platform.page.render import crumbs, render

MAX_ROWS = 20
"""Quarantined rows that are listed."""


class Checked(NamedTuple):
    """A check of the contract with its result."""

    result: CheckResult
    demands: str
    """The rule with its bounds, in words."""

    @property
    def found(self) -> str:
        """What was found; "" where that only repeats the rule."""
        message = self.result.message
        return "" if self.result.passed and self.result.column and not self.result.n_failed else message


class QuarantinedRow(NamedTuple):
    """One broken rule of one row."""

    row: int
    column: str
    reason: str


def render_page(
    contract: Contract,
    validation: ValidationResult,
    *,
    model: str,
    partition: str | None,
    made_at: datetime,
    links: Mapping[str, str],
    data_docs: str,
) -> str:
    """Return the page. `links` are addresses by their text, from the page's own; `data_docs` is one more."""
    demands = {check.name: check.description for check in contract.partitioned_checks}
    checks = [Checked(one, demands[one.check]) for one in validation.check_results]
    rejected = validation.rejected
    rows = [QuarantinedRow(*values) for values in rejected.head(MAX_ROWS).itertuples(index=False, name=None)]
    return render(
        Path(__file__).parent,
        "page.html.jinja",
        title=" ".join(filter(None, ("Contract of", validation.table, partition))),
        crumbs=crumbs(model),
        validation=validation,
        file=PurePath(validation.file).name,
        contract=contract,
        checks=checks,
        failed=sorted((one for one in checks if not one.result.passed), key=lambda one: not one.result.blocks),
        made_at=made_at,
        links=links,
        data_docs=data_docs,
        rows=rows,
        n_broken=len(rejected),
        by_column=Counter(rejected["column"]).most_common(),
    )
