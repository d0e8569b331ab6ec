"""A profile comes back from JSON exactly."""

import json

from hypothesis import given
from hypothesis import strategies as st

from ml_platform.drift.binning import build_profile
from ml_platform.drift.profile import Profile
from ml_platform_tests.drift.frames import KINDS, NUMBERS, TEXTS, frame


@given(st.lists(NUMBERS, min_size=1, max_size=40), st.lists(TEXTS, min_size=1, max_size=40))
def test_survives_json_exactly(numbers: list[float | None], texts: list[str | None]) -> None:
    profile = build_profile(frame(numbers, texts), KINDS, bins=4)
    stored = json.dumps(profile.to_document(), allow_nan=False)
    assert Profile.from_document(json.loads(stored)) == profile


def test_hidden_columns_have_other_names_and_the_same_bins() -> None:
    profile = build_profile(frame([1.0, 2.0, 3.0], ["Anna", "Anna", "Bert"]), KINDS, bins=4)
    hidden = profile.hide(KINDS, lambda name: f"#{len(name)}")
    for before, after in zip(profile.columns, hidden.columns, strict=True):
        assert len(after.labels) == len(before.labels)
        assert after.labels[-1] == "(missing)"
        assert (after.edges, after.categories, after.counts) == (before.edges, before.categories, before.counts)
    said = str([column.labels for column in hidden.columns])
    assert "bin 1" in said
    assert not any(word in said for word in ("Anna", "Bert", "≤"))
    assert profile.hide((), str.upper) == profile
