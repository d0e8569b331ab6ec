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
