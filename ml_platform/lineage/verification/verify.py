"""All that can be verified of one installation."""

from __future__ import annotations

from collections.abc import Iterator

from ml_platform.choices import did_you_mean
from ml_platform.errors import UnknownId
from ml_platform.lineage.verification.difference import Check, History
from ml_platform.lineage.verification.models import model_checks
from ml_platform.lineage.verification.raw import raw_checks
from ml_platform.lineage.verification.stored import stored_checks
from ml_platform.stores.stores import Stores


def checks(stores: Stores, model: str | None = None) -> Iterator[Check]:
    """Yield a check for everything that is stored, or for all that one model was made from and is.

    Raises
    ------
    UnknownId
        When nothing is stored of the model.
    """
    known = sorted({path.name for root in stores.records.roots for path in root.glob("*") if path.is_dir()})
    if model is not None and model not in known:
        raise UnknownId(
            f"Nothing is stored of a model '{model}'. {did_you_mean(model, known) if known else ''}".strip()
        )
    histories = [History(stores, name) for name in known if model in (None, name)]
    yield from raw_checks(stores, histories, all_files=model is None)
    for history in histories:
        yield from stored_checks(history)
        yield from model_checks(history)
