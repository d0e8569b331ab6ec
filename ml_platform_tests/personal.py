"""A model whose contract marks a column as personal."""

from __future__ import annotations

from dataclasses import replace

from ml_platform.pipeline.model import Model


def mark_personal(model: Model, column: str) -> Model:
    """Return the model with this column of its one table marked."""
    ((table, contract),) = model.contracts.items()
    columns = {**contract.columns, column: replace(contract.columns[column], personal=True)}
    spec = model.spec.model_copy(update={"description": "Another definition, so nothing stored is kept."})
    return replace(model, spec=spec, contracts={table: replace(contract, columns=columns)})
