"""The Dagster project that a command is called in: this one, or somebody else's that uses the component."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from ml_platform.choices import did_you_mean
from ml_platform.errors import SpecError, WrongCall

if TYPE_CHECKING:
    import dagster as dg

    from ml_platform.pipeline.model import Model

COMPONENT = "ml_platform.orchestration.ModelPipeline"
VERBS = ("validate", "ingest", "train", "score", "explore")
"""What a model's jobs do: with the model's name, they name the jobs."""
OURS = Path(__file__).parents[1] / "defs"


@dataclass(frozen=True)
class Project:
    """Where a project keeps its definitions."""

    root: Path
    """The folder of its ``pyproject.toml`` or ``dg.toml``."""
    defs: Path
    """The folder with one folder per model."""
    location: str = "ml_platform"
    """What Dagster calls its code location."""

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
                return cls(context.root_path, context.defs_path, context.code_location_name)
        return cls(OURS.parents[1], OURS)

    def model(self, name: str) -> Path:
        """Return the folder of a model; raise when the project has none of this name."""
        models = self.models()
        if name not in models:
            raise WrongCall(f"{self.defs} has no model '{name}'. {did_you_mean(name, models)}")
        return self.defs / name

    def models(self) -> list[str]:
        """Return the names of the models, in order."""
        return sorted(file.parent.name for file in self.defs.glob("*/defs.yaml"))

    def load(self, name: str) -> Model | None:
        """Read a model; None when another component than ours builds it. Raises as `model` and `Model.load` do."""
        from ml_platform.pipeline.model import Model
        from ml_platform.spec import load_spec

        folder = self.model(name)
        return Model.load(load_spec(folder), folder) if _is_plain(folder / "defs.yaml") else None

    def validate_job(self, name: str) -> None:
        """Reject a job that no model has; where other components than ours may have jobs, these are not known here."""
        models = self.models()
        model, _, verb = name.rpartition("_")
        if (model in models and verb in VERBS) or not all(_is_plain(self.defs / one / "defs.yaml") for one in models):
            return
        jobs = [f"{model}_{verb}" for model in models for verb in VERBS]
        close = get_close_matches(name, jobs, n=1)
        guess = f" Did you mean {close[0]}?" if close else ""
        verbs, known = ", ".join(f"_{verb}" for verb in VERBS), ", ".join(models) or "there is none"
        raise WrongCall(f"There is no job '{name}': a job is a model ({known}) and one of {verbs}.{guess}")

    def definitions(self, model: str | None = None) -> dg.Definitions:
        """Load the definitions of one model, in a moment however many there are; by default, the whole project's."""
        if model is not None and _is_plain(self.defs / model / "defs.yaml"):
            return _definitions_of(self.defs / model)
        if self.defs.resolve() == OURS.resolve():
            from ml_platform.definitions import defs

            return defs()
        import dagster

        return dagster.load_from_defs_folder(path_within_project=self.defs)


def _is_plain(file: Path) -> bool:
    """Return whether a file is a model of our component: a project's own component may build something else."""
    return file.is_file() and f"\ntype: {COMPONENT}\n" in f"\n{file.read_text(encoding='utf-8')}\n"


def _definitions_of(folder: Path) -> dg.Definitions:
    import dagster

    from ml_platform.orchestration.dagster_private import disable_dagster_warnings
    from ml_platform.orchestration.graph import build_pipeline
    from ml_platform.pipeline.model import Model
    from ml_platform.spec import load_spec

    with disable_dagster_warnings():  # as Dagster does when it loads a component
        pipeline = build_pipeline(Model.load(load_spec(folder), folder))
        return dagster.Definitions.merge(pipeline, dagster.Definitions(executor=dagster.in_process_executor))
