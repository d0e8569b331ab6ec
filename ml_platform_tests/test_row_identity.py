"""A row keeps its identity through float32 and a changed sign of zero, and no other row has it."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.row_identity import content_ids, key_ids

KINDS = {"x": "number", "c": "category"}
NUMBERS = st.one_of(st.none(), st.floats(), st.sampled_from([0.0, -0.0, 0.1, 1e300, -1e300]))


def frame(numbers: object, texts: object) -> pd.DataFrame:
    return pd.DataFrame({"x": pd.Series(numbers, dtype="float64"), "c": pd.Series(texts, dtype=object)})


@given(st.lists(st.tuples(NUMBERS, st.sampled_from(["a", "b", None])), min_size=1, max_size=30))
def test_rows_are_the_same_exactly_when_a_model_sees_the_same(rows: list[tuple[float | None, str | None]]) -> None:
    numbers, texts = zip(*rows, strict=True)
    original = frame(numbers, texts)
    with np.errstate(over="ignore"):
        seen = np.array([np.nan if x is None else x for x in numbers]).astype(np.float32)
    ids = content_ids(original, KINDS)
    assert (ids == content_ids(original.assign(x=seen), KINDS)).all()
    groups = pd.DataFrame({"x": seen + 0, "c": original["c"]}).groupby(["x", "c"], dropna=False).ngroup().to_numpy()
    assert ((ids[:, None] == ids) == (groups[:, None] == groups)).all()


def test_keys_are_compared_exactly() -> None:
    assert len(set(key_ids(pd.DataFrame({"id": [2**53, 2**53 + 1]})))) == 2


def test_nullable_integers_are_numbers() -> None:
    nullable = pd.DataFrame({"x": pd.array([1, None], dtype="Int64")})
    assert (content_ids(nullable, {"x": "number"}) == content_ids(nullable.astype("float64"), {"x": "number"})).all()
