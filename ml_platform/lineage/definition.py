"""A model's definition as it was when a candidate was trained, kept with the candidate."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ml_platform.spec import ModelSpec

DEFINITION = "definition.json"
"""Name of the document that is stored with every candidate."""

CODE = "features.py"


def capture_definition(spec: ModelSpec, folder: Path) -> dict[str, Any]:
    """Return what the model's YAML says, with all defaults, and the text of every file that defines the model."""
    names = ["defs.yaml", *sorted({spec.contract_file(table) for table in spec.tables}), CODE]
    files = {name: (folder / name).read_text(encoding="utf-8") for name in names if (folder / name).exists()}
    return {"spec": spec.model_dump(mode="json", by_alias=True), "files": files}


def restore_definition(definition: Mapping[str, Any], folder: Path) -> ModelSpec:
    """Write the files of a definition into a folder, as text that nothing executes, and return its spec."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in definition["files"].items():
        (folder / Path(name).name).write_text(text, encoding="utf-8")
    return ModelSpec.model_validate(definition["spec"])
