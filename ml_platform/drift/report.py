"""The report that people read: drawn by Evidently on a bounded sample. It never decides anything."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

SAMPLE_ROWS = 5_000


def write_evidently_report(
    reference: pd.DataFrame, current: pd.DataFrame, kinds: Mapping[str, str], path: Path, *, title: str, seed: int
) -> list[str]:
    """Write one self-contained HTML file, and return which columns were left out and why.

    Parameters
    ----------
    reference, current
        Rows with at least the columns of `kinds`; at most `SAMPLE_ROWS` of each are drawn, by `seed`.
    path
        Replaced atomically.
    """
    samples = [_sample(frame[list(kinds)], seed) for frame in (reference, current)]
    left_out = {name: why for name in kinds if (why := _cannot_be_drawn(name, kinds[name], samples))}
    drawn = {name: kind for name, kind in kinds.items() if name not in left_out}
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        file = Path(folder) / path.name
        if drawn:
            _draw([_typed(sample, drawn) for sample in samples], drawn, title).save_html(str(file))
        else:
            file.write_text(f"<h1>{title}</h1><p>No column can be drawn.</p>", encoding="utf-8")
        file.replace(path)
    return [f"{name}: {why}" for name, why in left_out.items()]


def _sample(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    return frame if len(frame) <= SAMPLE_ROWS else frame.sample(SAMPLE_ROWS, random_state=seed).sort_index()


def _cannot_be_drawn(name: str, kind: str, samples: list[pd.DataFrame]) -> str | None:
    """Return what Evidently 0.7 raises on, or gets wrong."""
    import numpy as np

    for sample, side in zip(samples, ("the reference", "the current data"), strict=True):
        known = sample[name].dropna()
        if known.empty:
            return f"no value in {side}"
        if kind == "number" and np.isinf(known.to_numpy(dtype=float)).any():
            return f"an infinite value in {side}"
    return None


def _typed(sample: pd.DataFrame, kinds: Mapping[str, str]) -> pd.DataFrame:
    types = {name: "float64" if kind == "number" else "object" for name, kind in kinds.items()}
    return sample[list(kinds)].astype(types).reset_index(drop=True)


def _draw(samples: list[pd.DataFrame], kinds: Mapping[str, str], title: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numpy and pandas warnings inside evidently, about constant or sparse columns
        from evidently import DataDefinition, Dataset, Report
        from evidently.presets import DataDriftPreset

        definition = DataDefinition(
            numerical_columns=[name for name, kind in kinds.items() if kind == "number"],
            categorical_columns=[name for name, kind in kinds.items() if kind == "category"],
        )
        reference, current = (Dataset.from_pandas(sample, data_definition=definition) for sample in samples)
        return Report([DataDriftPreset(method="psi")], metadata={"title": title}).run(current, reference)
