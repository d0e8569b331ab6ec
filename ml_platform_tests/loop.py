"""A small model whose loop was run by the steps alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.spec import load_spec
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores
from ml_platform_tests.small_models import table, write_model


@dataclass(frozen=True)
class Loop:
    """A model without partitions, its stores, and what each step has made."""

    model: Model
    stores: Stores
    run: RunContext
    made: dict[str, Any]

    def again(self, step: Callable[..., Any], **options: Any) -> Any:
        return step(self.model, self.stores, None, self.run, **options)


@pytest.fixture(scope="session")
def loop(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """`tumours`, trained, promoted and scored; shared, so tests leave it as it was."""
    folder = tmp_path_factory.mktemp("loop")
    (folder / "raw").mkdir()
    table("tumours").to_parquet(folder / "raw" / "tumours.parquet")
    spec_folder = write_model("tumours", folder / "defs")
    model = Model.load(load_spec(spec_folder), spec_folder)
    stores = Stores(Installation(folder, f"sqlite:///{folder / 'mlflow' / 'mlflow.db'}"))
    loop, before = Loop(model, stores, RunContext(run_id="by hand"), {}), dict(os.environ)
    of_a_table, of_the_model = _steps()
    for step in of_a_table:
        loop.made[step.__name__] = loop.again(step, table="tumours")
    for step in of_the_model:
        loop.made[step.__name__] = loop.again(step)
    os.environ.clear()
    os.environ.update(before)  # MLflow writes its address into the environment
    return loop


def _steps() -> tuple[list[Callable[..., Any]], list[Callable[..., Any]]]:
    """Return the steps of a table and those of the model, imported only where a test asks for them."""
    from ml_platform.pipeline.baseline import train_baseline
    from ml_platform.pipeline.candidate import train_candidate
    from ml_platform.pipeline.champion import apply_decision
    from ml_platform.pipeline.decision import decide_promotion
    from ml_platform.pipeline.drift import compare_with_reference
    from ml_platform.pipeline.evaluation import evaluate
    from ml_platform.pipeline.features import make_features
    from ml_platform.pipeline.labels import make_labels
    from ml_platform.pipeline.predictions import predict
    from ml_platform.pipeline.raw import record_raw_file
    from ml_platform.pipeline.training_set import fix_training_set
    from ml_platform.pipeline.valid_rows import divide_rows
    from ml_platform.pipeline.validation import validate_table

    features, training = [make_features, make_labels], [fix_training_set, train_baseline, train_candidate]
    decision, scoring = [evaluate, decide_promotion, apply_decision], [predict, compare_with_reference]
    return [record_raw_file, validate_table, divide_rows], [*features, *training, *decision, *scoring]
