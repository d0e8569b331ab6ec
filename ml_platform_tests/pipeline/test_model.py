"""A model's versions change with what they are digests of, and with nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ml_platform.pipeline.model import Model
from ml_platform.spec import load_spec
from ml_platform_tests.quick import FLIGHTS

DELIVERY = "  delivery: {decimal_comma: true}\n\n  entity:"


def changed(folder: Path, file: str, before: str, after: str) -> Model:
    """Return `flights` with one line of a file changed."""
    shutil.copytree(FLIGHTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    text = (folder / file).read_text(encoding="utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")
    return Model.load(load_spec(folder), folder)


def test_a_comment_in_the_yaml_changes_no_version(tmp_path: Path) -> None:
    as_it_is = Model.load(load_spec(FLIGHTS), FLIGHTS)
    other = changed(tmp_path / "flights", "defs.yaml", "type:", "# a comment\ntype:")
    assert (other.version, other.features_version) == (as_it_is.version, as_it_is.features_version)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('    end: "2014-01"', '    # end: "2014-01"'),
        ('    end: "2014-01"', '    end: "2015-01"'),
        ("  entity:", DELIVERY),
    ],
    ids=["no end", "a later end", "how files are read"],
)
def test_what_decides_no_value_makes_nothing_stale(tmp_path: Path, before: str, after: str) -> None:
    as_it_is = Model.load(load_spec(FLIGHTS), FLIGHTS)
    other = changed(tmp_path / "flights", "defs.yaml", before, after)
    assert other.spec != as_it_is.spec
    assert (other.version, other.features_version) == (as_it_is.version, as_it_is.features_version)


def test_what_is_known_later_belongs_to_the_contract_of_the_entity(tmp_path: Path) -> None:
    as_it_is = Model.load(load_spec(FLIGHTS), FLIGHTS)
    assert as_it_is.contracts["flights"].outcome == "arr_delay"
    assert "dep_time" in as_it_is.contracts["flights"].known_later
    assert as_it_is.contracts["weather"].outcome is None
    other = changed(tmp_path / "flights", "defs.yaml", "      dep_time:", "      minute: as a test\n      dep_time:")
    assert other.contract_version("flights") != as_it_is.contract_version("flights")
    assert other.contract_version("weather") == as_it_is.contract_version("weather")


def test_the_seed_of_the_training_changes_the_definition_and_not_the_features(tmp_path: Path) -> None:
    as_it_is = Model.load(load_spec(FLIGHTS), FLIGHTS)
    other = changed(tmp_path / "flights", "defs.yaml", "seed: ", "seed: 1")
    assert other.version != as_it_is.version
    assert other.features_version == as_it_is.features_version


def test_code_of_the_features_changes_both_versions(tmp_path: Path) -> None:
    as_it_is = Model.load(load_spec(FLIGHTS), FLIGHTS)
    other = changed(tmp_path / "flights", "features.py", "def ", "# another comment\ndef ")
    assert other.version != as_it_is.version
    assert other.features_version != as_it_is.features_version


def test_a_contract_changes_its_own_version_and_that_of_the_definition(tmp_path: Path) -> None:
    as_it_is = Model.load(load_spec(FLIGHTS), FLIGHTS)
    other = changed(tmp_path / "flights", "contract_planes.yaml", "version: ", "version: 9")
    assert other.contract_version("planes") != as_it_is.contract_version("planes")
    assert other.contract_version("flights") == as_it_is.contract_version("flights")
    assert other.version != as_it_is.version
    assert other.features_version == as_it_is.features_version


def test_the_window_of_a_partition_ends_with_it() -> None:
    model = Model.load(load_spec(FLIGHTS), FLIGHTS)
    assert model.window("2013-03") == ["2013-01", "2013-02", "2013-03"]
    assert model.window("2013-01") == ["2013-01"]
    assert model.timezone == "America/New_York"
