"""An id names one prediction: it stays while nothing has changed, and changes with anything that it stands for."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.lineage.prediction_ids import FORM, prediction_ids

SAME = {"model": "flights", "version": "1", "onnx_sha256": "a" * 64, "features_version": "b" * 64}
texts = st.text(max_size=4)


@given(st.lists(st.tuples(texts, texts), min_size=2, max_size=20, unique=True))
def test_different_rows_have_different_ids_also_when_their_texts_join_to_the_same(rows: list[tuple[str, str]]) -> None:
    frame = pd.DataFrame(rows, columns=["carrier", "flight"])
    ids = prediction_ids(frame, ["carrier", "flight"], **SAME)
    assert ids.is_unique
    assert all(FORM.fullmatch(name) for name in ids)
    assert prediction_ids(frame[::-1], ["carrier", "flight"], **SAME)[::-1].tolist() == ids.tolist()


@pytest.mark.parametrize("changed", list(SAME))
def test_another_model_version_onnx_or_features_gives_other_ids(changed: str) -> None:
    frame = pd.DataFrame({"flight": [1, 2], "event_time": pd.to_datetime(["2013-01-01", "2013-01-02"], utc=True)})
    other = {**SAME, changed: "other"}
    assert set(prediction_ids(frame, ["flight"], **SAME)).isdisjoint(prediction_ids(frame, ["flight"], **other))


def test_the_form_is_pinned_since_ids_are_kept_by_others() -> None:
    frame = pd.DataFrame({"flight": [1545], "event_time": pd.to_datetime(["2013-01-01T10:15"], utc=True)})
    assert prediction_ids(frame, ["flight"], **SAME).tolist() == ["flights-9780203f13007d1082ee1580"]
