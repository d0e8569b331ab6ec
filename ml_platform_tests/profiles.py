"""How many examples property tests try: hundreds in `make test`, thousands in `make fuzz`."""

from hypothesis import settings

PROFILES = {"test": 300, "fuzz": 5000}
"""Examples of a property test, by the name that `--hypothesis-profile` takes."""

SEED = "0"
"""Of all property tests, unless `--hypothesis-seed` says another one: a failure comes again."""

for name, n_examples in PROFILES.items():
    settings.register_profile(name, max_examples=n_examples, deadline=None, print_blob=True)
settings.load_profile("test")


def fewer(times: int) -> int:
    """Return how many examples a test tries of which each takes long."""
    return settings().max_examples // times
