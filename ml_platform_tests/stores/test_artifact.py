"""The name of an artifact says all that its key does, and what is another thing's name is none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_platform.stores.artifact import WHOLE, ArtifactKey, Manifest, make

names = st.text(st.characters(exclude_characters="/"), min_size=1)


@given(names, names, st.none() | names.filter(lambda name: name != WHOLE))
@settings(max_examples=300, deadline=None)
def test_a_key_is_read_back_from_its_name_and_from_its_manifest(model: str, asset: str, partition: str | None) -> None:
    key = ArtifactKey(model, asset, partition)
    assert ArtifactKey.parse(str(key)) == key
    assert Manifest(artifact=str(key), version="1").key == key


@pytest.mark.parametrize("name", ["definition", "raw", "flights/features", "flights//2013-01", "a/b/c/d", "", "//"])
def test_the_name_of_something_else_is_no_key(name: str) -> None:
    assert ArtifactKey.parse(name) is None


def test_a_manifest_cannot_be_changed_and_says_nothing_unknown() -> None:
    manifest = Manifest(artifact="flights/features/2013-01", version="1", n_rows=3)
    with pytest.raises(ValueError, match="frozen"):
        manifest.version = "2"  # type: ignore[misc]
    with pytest.raises(ValueError, match="extra"):
        Manifest.model_validate({**manifest.model_dump(), "rows": 3})


@pytest.mark.parametrize(("partition", "option"), [("2013-01", " --partition 2013-01"), (None, "")])
def test_the_command_that_makes_an_artifact_names_it_and_its_partition(partition: str | None, option: str) -> None:
    command = f"ml-platform asset materialize --select '+key:\"flights/features\"'{option}"
    assert make(ArtifactKey("flights", "features", partition)) == f"Run: {command}"
