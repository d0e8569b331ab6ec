"""What ``dg scaffold defs`` writes for a model: files that load, with the decisions left to a person."""

from __future__ import annotations

from pathlib import Path

from dagster.components import Scaffolder, ScaffoldRequest

TEMPLATES = Path(__file__).parents[1] / "scaffold" / "templates" / "empty"


class ModelScaffolder(Scaffolder):
    """Writes ``defs.yaml`` and a contract for one table, both with comments where a person decides."""

    def scaffold(self, request: ScaffoldRequest) -> None:
        """Write the two files; the folder's name is the model's name."""
        folder = request.target_path
        folder.mkdir(parents=True, exist_ok=True)
        for template in sorted(TEMPLATES.glob("*.yaml")):
            text = template.read_text(encoding="utf-8").replace("{{ type }}", request.type_name)
            (folder / template.name).write_text(text.replace("{{ name }}", folder.name), encoding="utf-8")
