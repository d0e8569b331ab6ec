"""The indexes, made from what is stored at the moment somebody opens them: they are never stale."""

from collections.abc import Collection, Mapping
from pathlib import Path

from ml_platform.drift.report import Level
from ml_platform.page.render import render
from ml_platform.reports.facts import ModelStatus
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.reports import CONTRACT, EVIDENTLY, dagster_path, mlflow_path, page_path

FOLDER = Path(__file__).parent
BADGES: Mapping[Level, str] = {"critical": "bad", "warning": "warn", "ok": "good", "too_few_rows": ""}
MAX_PARTITIONS = 200
"""Partitions that the index of a model lists: the newest."""


def models_page(models: Collection[ModelStatus]) -> str:
    """Return the index over all models."""
    return render(FOLDER, "models.html.jinja", title="Reports", crumbs=[], models=models, badges=BADGES)


def model_page(model: ModelStatus, pages: Collection[str]) -> str:
    """Return the index of a model; `pages` are the paths of the stored pages."""

    def page(asset: str, partition: str | None) -> str | None:
        """Return the address of a stored page, from the index's own; None when there is none."""
        path = page_path(ArtifactKey(model.name, asset, partition))
        return f"../{path}" if path in pages else None

    def dagster(asset: str, partition: str | None) -> str:
        return f"../{dagster_path(ArtifactKey(model.name, asset, partition))}"

    return render(
        FOLDER,
        "model.html.jinja",
        title=model.name,
        crumbs=[("Reports", "../")],
        model=model,
        partitions=model.partitions[:MAX_PARTITIONS],
        badges=BADGES,
        page=page,
        dagster=dagster,
        mlflow=lambda version: f"../{mlflow_path(model.name, version)}",
        contract=CONTRACT,
        evidently=EVIDENTLY,
    )
