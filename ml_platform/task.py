"""What a model predicts, by task, and the columns that the platform puts beside features and predictions."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

Task = Literal["binary", "multiclass", "regression"]
BINARY: Final = "binary"
MULTICLASS: Final = "multiclass"
REGRESSION: Final = "regression"

EVENT_TIME, PREDICTION_TIME, LABEL = "event_time", "prediction_time", "label"
"""When a row's event takes place; when it is predicted; and what really happened."""

SCORE, PREDICTED, PREDICTION, PROBABILITY = "score", "predicted", "prediction", "probability_"
"""Probability of the positive class; name of the most probable class; predicted number; and before a class's name."""


@dataclass(frozen=True)
class Output:
    """The columns of a model's predictions."""

    task: Task
    classes: tuple[str, ...] = ()
    """Names of the classes of a multiclass model, in the order of their codes 0 … k - 1; else empty."""

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Each column of the predictions, and whether it is a ``number`` or a ``category``.

        Binary: ``score``. Multiclass: ``probability_<class>`` of each class, and ``predicted``. Regression:
        ``prediction``.
        """
        if self.task == MULTICLASS:
            return {**dict.fromkeys(probability_columns(self.classes), "number"), PREDICTED: "category"}
        return {SCORE if self.task == BINARY else PREDICTION: "number"}

    @property
    def class_names(self) -> tuple[str, ...]:
        """What to call the label codes 0, 1, …; empty for a regression."""
        return ("negative", "positive") if self.task == BINARY else self.classes

    def columns(self, predicted: Any) -> dict[str, Any]:
        """Return predictions as the columns of `kinds`.

        `predicted` has shape ``(n,)``, probabilities of the positive class or numbers; or ``(n, k)``, probabilities of
        k classes.
        """
        if self.task != MULTICLASS:
            (name,) = self.kinds
            return {name: predicted}
        probabilities = dict(zip(probability_columns(self.classes), predicted.T, strict=True))
        return {**probabilities, PREDICTED: [self.classes[code] for code in predicted.argmax(axis=1)]}


def probability_columns(classes: Sequence[str]) -> list[str]:
    """Return a column's name for each class: its letters and digits, or its number where two classes share those.

    The names hold nothing but ASCII letters, digits and ``_``, as the names of Dagster's checks do.
    """
    plain = [_plain(name) for name in classes]
    unique = all(plain) and len(set(plain)) == len(plain)
    return [f"{PROBABILITY}{name if unique else code}" for code, name in enumerate(plain)]


def _plain(name: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"\W+", "_", ascii_only).strip("_").lower()
