"""An exploration can be shown without the values of some columns; its figures stay."""

from __future__ import annotations

import numpy as np

from ml_platform.exploration.explore import explore
from ml_platform.exploration.hiding import hide
from ml_platform.exploration.page import render_page
from ml_platform_tests.exploration.test_page import parse
from ml_platform_tests.exploration.windows import window

BIRTH = 1967.25


def test_no_value_of_a_hidden_column_is_in_document_or_page() -> None:
    rng = np.random.default_rng(0)
    who = rng.choice(np.array(["Anna", "Bert", "Cleo"]), 600)
    born = rng.normal(BIRTH, 1, 600)
    rows = window({"who": who, "born": born, "x": rng.normal(size=600)}, (born > BIRTH) ^ (rng.random(600) < 0.05))
    shown = explore(rows)
    hidden = hide(shown, {"who", "born", "id"}, lambda value: f"#{len(value)}")
    assert "Anna" in str(shown.to_document())
    html = render_page(hidden, model="people", title="people", facts={})
    parse(html)
    for told in (str(hidden.to_document()), html):
        assert not any(word in told for word in ("Anna", "Bert", "Cleo", "1967", "1968", "1966"))
        assert "#4" in told
    assert shown.label_issues.worst
    assert all(suspect.key["id"].startswith("#") for suspect in hidden.label_issues.worst)
    assert hidden.associations == shown.associations
    who_then, born_then, x = hidden.columns
    assert (born_then.state, born_then.distinct) == (None, shown.columns[1].distinct)
    assert [share for _, share in who_then.top] == [share for _, share in shown.columns[0].top]
    assert x == shown.columns[2]
    assert [column for column in ("who", "born", "x") if f"Distribution of {column}" in html] == ["who", "x"]
