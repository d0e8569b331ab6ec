"""``ml-platform vacuum``: removes older versions of tables that nothing needs."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import click

from ml_platform.cli.typed import say
from ml_platform.lineage.vacuum import removable, stray_objects
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores

ABANDONED = timedelta(hours=1)
"""Age of an object without a manifest from which nobody is at work on it any more."""

UNITS = {"d": "days", "h": "hours"}


def age(written: str) -> timedelta:
    """Return the duration that ``90d`` or ``12h`` stands for."""
    found = re.fullmatch(r"([0-9]{1,5})([dh])", written)
    if found is None:
        raise click.BadParameter(f"'{written}' is not an age; write days or hours, such as 90d or 12h")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


@click.command()
@click.option("--older-than", type=age, required=True, help="How long ago a version was superseded, such as 90d.")
@click.option("--model", help="Only this model's tables.")
@click.option("--dry-run", is_flag=True, help="Say what would be removed, and remove nothing.")
@click.option("--verbose", is_flag=True, help="Name each file.")
def vacuum(older_than: timedelta, model: str | None, dry_run: bool, verbose: bool) -> None:
    """Remove older versions of tables that nothing needs any more.

    Needed are the current assets, and the inputs of each model in the ledger and of each prediction. Objects that a
    killed writer has left are removed too.
    """
    stores, before = Stores(Installation.from_environment()), datetime.now(tz=UTC) - older_than
    n_bytes = n_versions = n_strays = 0
    tell = say if verbose else lambda _: None
    for name in [name for name in stores.manifests.models() if model in (None, name)]:
        for found in list(removable(stores, name, superseded_before=before)):
            tell(f"{found.where}, superseded {found.superseded_at.isoformat(timespec='minutes')}")
            if dry_run or stores.tables.remove(found.artifact, found.version):
                n_versions, n_bytes = n_versions + 1, n_bytes + found.n_bytes
        for stray in list(stray_objects(stores, name, put_before=min(before, datetime.now(tz=UTC) - ABANDONED))):
            tell(f"{stores.objects.where(stray.key)}, left by a killed writer")
            if not dry_run:
                stores.objects.delete(stray.key)
            n_strays, n_bytes = n_strays + 1, n_bytes + stray.n_bytes
    verdict = "WOULD REMOVE" if dry_run else "REMOVED"
    say(f"{verdict}: versions {n_versions}, left by killed writers {n_strays}, {n_bytes / 1e6:.1f} MB")
