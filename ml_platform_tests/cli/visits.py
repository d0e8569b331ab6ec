"""A table that becomes a model, and what a project holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from ml_platform_tests.scaffold.project import ForeignProject


def write_visits(file: Path) -> Path:
    """Write 900 visits, every third of a day, of which a column says whether something was bought."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"at": pd.date_range("2024-01-01", periods=900, freq="8h"), "x": rng.random(900)})
    frame["bought"] = np.where(rng.random(900) < frame["x"], "yes", "no")
    frame.to_csv(file, index=False)
    return file


def everything(project: ForeignProject) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in project.root.rglob("*") if path.is_file()}
