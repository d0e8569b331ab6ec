"""Functions are loaded from the model's own file, by name."""

from pathlib import Path

import pytest

from ml_platform.errors import SpecError
from ml_platform.features.derivations import load_derivations


def test_functions_are_loaded_from_the_models_own_file(tmp_path: Path) -> None:
    file = tmp_path / "features.py"
    file.write_text("from math import sqrt\n\ndef double(x):\n    return x * 2\n\ndef _hidden(x):\n    return x\n")
    assert load_derivations(file, ["double", "double"])["double"](2) == 4
    assert load_derivations(None, []) == {}
    for name in ("dubble", "_hidden", "sqrt"):
        with pytest.raises(SpecError, match=rf"features.py: function '{name}' does not exist. Known: double"):
            load_derivations(file, [name])


def test_a_file_that_is_missing_or_broken_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"derived by double, but .*features.py does not exist"):
        load_derivations(tmp_path / "features.py", ["double"])
    (tmp_path / "features.py").write_text("def double(x) return x")
    with pytest.raises(SpecError, match=r"features.py cannot be imported: SyntaxError"):
        load_derivations(tmp_path / "features.py", ["double"])
