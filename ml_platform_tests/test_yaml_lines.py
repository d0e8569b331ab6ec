"""An error of a model's YAML names file and line and shows the lines around it."""

from pathlib import Path

import pytest

from ml_platform.errors import At, SpecError
from ml_platform.yaml_lines import located, spec_error

TEXT = """type: component
attributes:
  name: small # a comment
  features:
    - {name: a, kind: number}
    - name: b
      kind: category
  gates:
    beats_baseline: {metric: roc_auc}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "defs.yaml").write_text(TEXT, encoding="utf-8")
    return tmp_path / "defs.yaml"


@pytest.mark.parametrize(
    ("at", "line"),
    [
        ((), 2),
        (("name",), 3),
        (("features", 0), 5),
        (("features", 1), 6),
        (("features", 1, "kind"), 7),
        (("features", 0, "from", 2), 5),  # the nearest that the file has
        (("features", 9), 4),
        (("gates", "beats_baseline", "metric"), 9),
        (("rolling",), 2),
    ],
)
def test_a_place_is_the_line_of_its_key_or_item_or_of_the_nearest_above(file: Path, at: At, line: int) -> None:
    first, *excerpt = str(spec_error(file, [(at, "is wrong")])).splitlines()
    assert first == f"{file}:{line}: is wrong"
    assert f"  > {line:>4} | {TEXT.splitlines()[line - 1]}" in excerpt


def test_every_problem_is_shown_with_the_lines_around_it(file: Path) -> None:
    said = str(spec_error(file, [(("name",), "one"), (("gates",), "two")])).splitlines()
    assert said[0] == f"{file}:3: one"
    assert said[1:4] == ["       2 | attributes:", "  >    3 |   name: small # a comment", "       4 |   features:"]
    assert said[4] == f"{file}:8: two"


@pytest.mark.parametrize("at", [(), ("name",)])
def test_an_error_without_a_place_or_without_a_file_stays_as_it_is(file: Path, tmp_path: Path, at: At) -> None:
    for missing in (tmp_path / "none.yaml", file if not at else tmp_path / "none.yaml"):
        with pytest.raises(SpecError, match=r"^wrong$"), located(missing):
            raise SpecError("wrong", at)


def test_an_error_with_a_place_gets_its_line(file: Path) -> None:
    with pytest.raises(SpecError, match=r"defs\.yaml:6: wrong"), located(file):
        raise SpecError("wrong", ("features", 1))
