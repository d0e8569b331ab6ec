"""The name of one prediction, by which it is found again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

PREDICTION_ID = "prediction_id"
"""Column of every predictions table."""

DIGITS = 24
FORM = re.compile(rf"(?P<model>[a-z][a-z0-9_]*)-[0-9a-f]{{{DIGITS}}}")


def prediction_ids(
    frame: pd.DataFrame, key: Sequence[str], *, model: str, version: str, onnx_sha256: str, features_version: str
) -> pd.Series:
    """Return the id of each row's prediction: ``<model>-`` and 96 bits in hex.

    It is a digest of the model's name, its version and ONNX, the version of the features, and the row's key and, where
    it has one, event time. So the same prediction made again has the same id; another model, other features or another
    row give another.
    """
    import pandas as pd

    common = hashlib.sha256("\0".join((model, version, onnx_sha256, features_version)).encode())
    columns = [frame[name].astype(str) for name in (*key, "event_time") if name in frame]
    ids = []
    for values in zip(*columns, strict=True):
        row = common.copy()
        for value in values:
            row.update(f"\0{len(value)}\0{value}".encode())
        ids.append(f"{model}-{row.hexdigest()[:DIGITS]}")
    return pd.Series(ids, index=frame.index, dtype=object)
