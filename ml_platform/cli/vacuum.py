"""``ml-platform vacuum``: removes older versions of tables that nothing needs."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import click

from ml_platform.lineage.vacuum import removable
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores

UNITS = {"d": "days", "h": "hours"}


class Age(click.ParamType[timedelta]):
    """``90d`` or ``12h``."""

    name = "age"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Return the duration."""
        found = re.fullmatch(r"([0-9]{1,5})([dh])", str(value))
        if found is None:
            self.fail(f"'{value}' is not an age; write days or hours, such as 90d or 12h", param, ctx)
        return timedelta(**{UNITS[found[2]]: int(found[1])})


@click.command()
@click.option("--older-than", type=Age(), required=True, help="How long ago a version was superseded, such as 90d.")
@click.option("--model", help="Only this model's tables.")
@click.option("--dry-run", is_flag=True, help="Name what would be removed, and remove nothing.")
def vacuum(older_than: timedelta, model: str | None, dry_run: bool) -> None:
    """Remove older versions of tables that no current asset, no model in the ledger and no prediction needs."""
    stores = Stores(Installation.from_environment())
    models = sorted(
        path.name for path in stores.installation.tables.glob("*") if path.is_dir() and model in (None, path.name)
    )
    n_bytes = n_versions = 0
    for name in models:
        for found in list(removable(stores, name, superseded_before=datetime.now(tz=UTC) - older_than)):
            click.echo(f"{found.file}, superseded {found.superseded_at.isoformat(timespec='minutes')}")
            if not dry_run:
                stores.tables.remove(found.artifact, found.version)
            n_versions, n_bytes = n_versions + 1, n_bytes + found.n_bytes
    click.echo(f"{'would be ' if dry_run else ''}removed: versions {n_versions}, {n_bytes / 1e6:.1f} MB")
