"""Retrain a registered version from its recorded inputs, in a folder of its own.

The YAML and the contracts come from what was stored with the candidate, the rows from the recorded versions of the
tables. Code comes from this installation only: a stored ``features.py`` is written out to be read, and never executed.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from operator import methodcaller
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ml_platform.contract import load_contract
from ml_platform.errors import NotStored, WrongCall
from ml_platform.lineage.definition import CODE, DEFINITION, restore_definition
from ml_platform.lineage.facts import TrainedModel, trained_model
from ml_platform.pipeline.fitting import export, fit_rows
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.scorer import score
from ml_platform.pipeline.training_rows import TrainingRows, Window, read_labelled_rows, split_rows
from ml_platform.stores.artifact import Manifest
from ml_platform.stores.files import digest, to_json, write_atomically
from ml_platform.stores.installation import Installation
from ml_platform.stores.mlflow.entities import ModelVersion
from ml_platform.stores.stores import Stores


@dataclass(frozen=True)
class Rebuilt:
    """A retrained version, compared with the recorded one."""

    model: str
    version: str
    recorded_onnx: str
    """SHA-256 of the bytes that serve."""
    rebuilt_onnx: str
    n_rows: int
    max_abs_difference: float
    """Between the two models' predictions, over every row of the training window."""
    recorded_code: str
    code: str
    """Git commit of this installation."""
    code_differs: tuple[str, ...]
    """Reasons why the code may be another than the recorded one."""

    @property
    def identical(self) -> bool:
        """Whether the two models are the same bytes."""
        return self.recorded_onnx == self.rebuilt_onnx


def rebuild(
    stores: Stores,
    model: str,
    version: str | None,
    into: Path,
    *,
    folder: Path,
    on_progress: Callable[[str], None] = lambda _: None,
) -> Rebuilt:
    """Retrain a version, the champion when none is named, and write model, data, definition and report.

    It is written `into` a folder that is empty or does not exist. In `folder` this installation has the model's
    definition, whose ``features.py`` is compared with the recorded one.
    """
    if into.exists() and any(into.iterdir()):
        raise WrongCall(f"{into} is not empty. Name a folder that is, or that does not exist yet")
    recorded = _version(stores, model, version)
    trained = trained_model(stores, model, recorded.version)
    definition = stores.registry.load_document(recorded, DEFINITION, ledger=stores.ledger(model))
    spec = restore_definition(definition, into / "definition")
    contracts = {table: load_contract(into / "definition" / spec.contract_file(table)) for table in spec.tables}
    restored = Model(spec, into / "definition", contracts, derivations={})
    clean = Stores(Installation(into, stores.installation.tracking_uri))
    window = _copy_window(stores, clean, restored, trained)
    labelled = read_labelled_rows(restored, clean, window)
    on_progress(f"{len(labelled.frame):,} rows of {', '.join(labelled.versions)} are as recorded")
    rows = TrainingRows(**vars(labelled), split=split_rows(restored, labelled))
    run = RunContext(log=on_progress)
    onnx = export(restored, rows, fit_rows(restored, rows, run), run)
    write_atomically(into / "model.onnx", methodcaller("write", onnx))
    before = stores.registry.load_onnx(recorded, ledger=stores.ledger(model))
    report = Rebuilt(
        model=model,
        version=recorded.version,
        recorded_onnx=recorded.onnx_sha256,
        rebuilt_onnx=digest(onnx),
        n_rows=len(rows.frame),
        max_abs_difference=_difference(before, onnx, rows.frame),
        recorded_code=trained.code,
        code=stores.code,
        code_differs=_code_differs(trained.code, stores.code, definition["files"], folder),
    )
    write_atomically(into / "report.json", methodcaller("write", to_json(asdict(report))))
    return report


def _version(stores: Stores, model: str, version: str | None) -> ModelVersion:
    if version is not None:
        return stores.registry.version(model, version)
    champion = stores.ledger(model).champion()
    if champion is None or champion.version is None:
        raise NotStored(f"Model '{model}' has no champion. Train one, or name a version: --version NUMBER")
    return stores.registry.version(model, champion.version)


def _copy_window(stores: Stores, clean: Stores, model: Model, trained: TrainedModel) -> Window:
    """Copy the versions of features and labels that a model was trained on, each compared with its manifest."""
    window: dict[str, dict[str | None, Manifest]] = {"features": {}, "labels": {}}
    origins = stores.manifests.get(trained.candidate).origins
    for asset, manifests in window.items():
        for key in model.window(trained.partition):
            manifest = stores.manifests.get(origins[str(model.artifact(asset, key))])
            stores.tables.copy_version(manifest, clean.tables)
            manifests[key] = manifest
    return window


def _difference(before: bytes, after: bytes, frame: pd.DataFrame) -> float:
    return float(np.abs(np.asarray(score(before, frame)) - np.asarray(score(after, frame))).max())


def _code_differs(recorded: str, now: str, files: Mapping[str, Any], folder: Path) -> tuple[str, ...]:
    why = []
    if recorded != now:
        why.append(f"the model was trained by commit {recorded}, this is {now}")
    elif now.endswith("-dirty"):
        why.append(f"files differed from commit {now.removesuffix('-dirty')} then, and do now")
    code = folder / CODE
    if files.get(CODE) != (code.read_text(encoding="utf-8") if code.exists() else None):
        why.append(f"{code} is not the file that made its features; that one is in definition/{CODE}, to be read")
    return tuple(why)
