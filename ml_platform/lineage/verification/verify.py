"""All that can be verified of one installation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from ml_platform.choices import did_you_mean
from ml_platform.errors import ModelError, UnknownId
from ml_platform.lineage.verification.database import database_checks, manifest_checks
from ml_platform.lineage.verification.difference import Check, Difference, History
from ml_platform.lineage.verification.models import is_used, model_checks
from ml_platform.lineage.verification.raw import raw_checks
from ml_platform.lineage.verification.stored import stored_checks
from ml_platform.stores.ledger import ledger_models
from ml_platform.stores.stores import Stores


def checks(stores: Stores, model: str | None = None) -> Iterator[Check]:
    """Yield a check for everything that is stored, or for all that one model was made from and is.

    Each check stands alone. Where even the list of a group's checks cannot be made, the group is one check, which
    raises the error. UnknownId is raised when nothing is stored of the model.
    """
    yield from _group("database", lambda: database_checks(stores))
    try:
        known = sorted({*stores.manifests.models(), *ledger_models(stores.database)})
    except Exception as error:  # whatever it is, the raw files can be looked at
        yield Check("models in the database", partial(_raise, error))
        yield from _group("raw files", lambda: raw_checks(stores, [], all_files=True))
        return
    if model is not None and model not in known:
        raise UnknownId(
            f"Nothing is stored of a model '{model}'. {did_you_mean(model, known) if known else ''}".strip()
        )
    histories = [History(stores, name) for name in known if model in (None, name)]
    yield from _group("raw files", lambda: raw_checks(stores, histories, all_files=model is None))
    for history in histories:
        yield from _group(f"manifests of {history.model}", partial(manifest_checks, history))
        yield from _group(f"stored versions of {history.model}", partial(stored_checks, history))
        yield from _group(f"MLflow's versions of {history.model}", partial(model_checks, history))
    if model is None and is_used(stores):
        yield Check("registered models", partial(_registered_models, stores, known))


def _group(name: str, build: Callable[[], Iterable[Check]]) -> Iterator[Check]:
    try:
        yield from list(build())
    except Exception as error:  # whatever it is, the other groups can be looked at
        yield Check(name, partial(_raise, error))


def _raise(error: Exception) -> Iterable[Difference]:
    raise error


def _registered_models(stores: Stores, known: list[str]) -> Iterator[Difference]:
    """Find models in MLflow of which the database has nothing."""
    for model in sorted(set(stores.registry.models()) - set(known)):
        try:
            versions = stores.registry.versions(model)
        except ModelError:
            continue  # it was not registered by this platform
        if versions:
            what, found = f"model '{model}' in MLflow", f"nothing in {stores.database}"
            yield Difference(what, f"versions 1 … {versions[-1].version}", found)
