"""Render an inferred model as its contract and its ``defs.yaml``, with comments where a person decides."""

from collections.abc import Mapping
from typing import Any

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined

from ml_platform.promotion.gates import CREDIBLE
from ml_platform.scaffold.inferred_contract import contract_values
from ml_platform.scaffold.inferred_model import InferredModel
from ml_platform.task import BINARY, MULTICLASS, REGRESSION, Task

FILES = ("contract.yaml", "defs.yaml")
METRIC: Mapping[Task, str] = {BINARY: "roc_auc", MULTICLASS: "log_loss", REGRESSION: "root_mean_squared_error"}
TOO_GOOD: Mapping[Task, str] = {BINARY: "roc_auc", MULTICLASS: "macro_roc_auc", REGRESSION: "r2_score"}
"""What tells a model that is too good to be true; a metric of `CREDIBLE`."""
LINEAR: Mapping[Task, str] = {BINARY: "logistic_regression", MULTICLASS: "logistic_regression", REGRESSION: "ridge"}
CRON = {"day": "0 6 * * *", "week": "0 6 * * 1", "month": "0 6 2 * *", "year": "0 6 2 1 *"}


def render(model: InferredModel, *, name: str, owner: str, command: str) -> dict[str, str]:
    """Return the text of each file by its name; `command` is what makes them, for their heads."""
    environment = Environment(
        loader=PackageLoader("ml_platform.scaffold"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # YAML, and every value goes through `yaml`
    )
    environment.filters |= {"yaml": as_yaml, "comment": as_comment}
    values = {
        "model": model,
        "name": name,
        "owner": owner,
        "command": command,
        **contract_values(model),
        "metric": METRIC[model.target.task],
        "too_good": TOO_GOOD[model.target.task],
        "credible": CREDIBLE[TOO_GOOD[model.target.task]],
        "linear": LINEAR[model.target.task],
        "cron": CRON[model.partitions.every] if model.partitions else None,
        "available_later": _available_later(model),
    }
    return {file: environment.get_template(f"{file}.j2").render(values) for file in FILES}


def as_yaml(value: Any) -> str:
    """Return a value as YAML on one line; text always in quotes, so that no, on, null and 007 stay text."""
    quoted = '"' if isinstance(value, str) else None
    text: str = yaml.safe_dump(value, default_style=quoted, allow_unicode=True, width=2**31, default_flow_style=True)
    return text.removesuffix("...\n").strip()


def as_comment(text: str) -> str:
    """Return text that can stand behind a ``#``."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _available_later(model: InferredModel) -> dict[str, str]:
    leaks = {role.column: f"perhaps; it {role.reason}" for role in model.roles.values() if role.leaks}
    return {model.target.column: "it is what the model predicts", **leaks}
