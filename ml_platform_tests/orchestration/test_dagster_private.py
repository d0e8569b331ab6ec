"""What an upgrade of Dagster may break stands in one file."""

import ast
from pathlib import Path

import ml_platform

PACKAGE = Path(ml_platform.__file__).parent


def imported(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names


def test_private_modules_of_dagster_are_imported_by_one_file() -> None:
    private = ("dagster._", "dagster_shared")
    files = [file for file in PACKAGE.rglob("*.py") if any(name.startswith(private) for name in imported(file))]
    assert [file.relative_to(PACKAGE).as_posix() for file in files] == ["orchestration/dagster_private.py"]
