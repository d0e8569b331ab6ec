"""The Dagster project that a command is called in: this one, or somebody else's that uses the component."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ml_platform.choices import did_you_mean
from ml_platform.errors import SpecError

if TYPE_CHECKING:
    import dagster as dg

OURS = Path(__file__).parents[1] / "defs"


@dataclass(frozen=True)
class Project:
    """Where a project keeps its definitions.

    Attributes
    ----------
    root
        The folder of its ``pyproject.toml`` or ``dg.toml``.
    defs
        The folder with one folder per model.
    """

    root: Path
    defs: Path

    @classmethod
    def here(cls) -> Project:
        """Return the project around the working directory, as ``dg`` finds it; without one, the platform's own."""
        from dagster_dg_core.context import DgContext
        from dagster_dg_core.error import DgError

        for folder in (Path.cwd(), *Path.cwd().parents):
            if not any((folder / name).is_file() for name in ("dg.toml", "pyproject.toml")):
                continue
            try:
                context = DgContext.from_file_discovery_and_command_line_config(folder, {})
            except DgError as error:
                raise SpecError(f"{folder}: dg cannot read this project: {error}") from error
            if context.is_project:
                return cls(context.root_path, context.defs_path)
        return cls(OURS.parents[1], OURS)

    @property
    def is_ours(self) -> bool:
        """Whether it is the platform's own project."""
        return self.defs.resolve() == OURS.resolve()

    def model(self, name: str) -> Path:
        """Return the folder of a model.

        Raises
        ------
        SpecError
            When the project has no such model.
        """
        models = sorted(file.parent.name for file in self.defs.glob("*/defs.yaml"))
        if name not in models:
            raise SpecError(f"{self.defs} has no model '{name}'. {did_you_mean(name, models)}")
        return self.defs / name

    def definitions(self) -> dg.Definitions:
        """Load the project's definitions."""
        if self.is_ours:
            from ml_platform.definitions import defs

            return defs()
        import dagster

        return dagster.load_from_defs_folder(path_within_project=self.defs)
