"""Evidently's report on a bounded sample, by its own methods: a second opinion. It decides nothing."""

import html
import re
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ml_platform.choices import did_you_mean
from ml_platform.drift.second_opinion import SecondOpinion
from ml_platform.errors import DataError

SAMPLE_ROWS = 5_000

MAX_COLUMNS = 30
"""Columns that are drawn: each adds 60 kB to the page."""

SIDES = ("the reference", "the current data")

RANDOM_IDS = re.compile(r"(?<=metric_)[0-9a-f]{32}|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence Evidently 0.7's own deprecated calls, and its arithmetic on constant or huge columns."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.filterwarnings("ignore", module=r"(.*[/\\])?(evidently|litestar)\b")
        yield


with _quiet():
    import evidently
    from evidently import DataDefinition, Dataset, Report
    from evidently.legacy.tests.base_test import TestStatus
    from evidently.legacy.utils.dashboard import STATIC_PATH
    from evidently.presets import DataDriftPreset

LIBRARY = f"evidently-{evidently.__version__}.js"
"""Name of the script that draws every page, and is not in it: it alone has 3.5 MB."""


@dataclass(frozen=True)
class EvidentlyPage:
    """Evidently's report: a page, which loads the script `LIBRARY`, and what it says of each column that it shows."""

    html: str
    library: bytes
    opinions: Mapping[str, SecondOpinion]
    left_out: Mapping[str, str]
    """Why a column is not in it."""


def draw_evidently_page(
    reference: pd.DataFrame,
    current: pd.DataFrame,
    kinds: Mapping[str, str],
    *,
    title: str,
    library: str,
    seed: int,
    personal: Collection[str] = (),
) -> EvidentlyPage:
    """Return Evidently's report on the columns of `kinds`, of which the first `MAX_COLUMNS` are drawn, none `personal`.

    At most `SAMPLE_ROWS` rows of each frame are drawn, by `seed`; the same arguments give the same page. `library` is
    the address at which a browser finds the script.
    """
    frames = (reference, current)
    left_out = {name: "its values are personal" for name in kinds if name in personal}
    kinds = {name: kind for name, kind in kinds.items() if name not in left_out}
    samples = [_sample(frame, side, kinds, seed) for frame, side in zip(frames, SIDES, strict=True)]
    left_out |= {name: why for name in kinds if (why := _cannot_be_drawn(name, kinds[name], samples))}
    able = [name for name in kinds if name not in left_out]
    left_out |= dict.fromkeys(able[MAX_COLUMNS:], f"the report shows {MAX_COLUMNS} columns, those that drifted most")
    drawn = {name: kinds[name] for name in islice(able, MAX_COLUMNS)}
    script = (Path(STATIC_PATH) / "index.js").read_text(encoding="utf-8")
    drawing, opinions = "<head></head><body></body>", dict[str, SecondOpinion]()
    if drawn:
        whole, opinions = _draw([_typed(sample, drawn) for sample in samples], drawn)
        drawing = _reproducible(whole.replace(f"<script>{script}</script>", f'<script src="{library}"></script>', 1))
    sizes = [f"{len(sample):,} of {len(frame):,} rows" for sample, frame in zip(samples, frames, strict=True)]
    page = _headed(drawing, title, sizes, [f"{name}: {why}" for name, why in left_out.items()])
    return EvidentlyPage(page, script.encode(), opinions, left_out)


def _sample(frame: pd.DataFrame, side: str, kinds: Mapping[str, str], seed: int) -> pd.DataFrame:
    for name in kinds:
        if name not in frame:
            raise DataError(f"column '{name}' is not in {side}. {did_you_mean(name, map(str, frame.columns))}")
    rows = frame[list(kinds)]
    return rows if len(rows) <= SAMPLE_ROWS else rows.sample(SAMPLE_ROWS, random_state=seed).sort_index()


def _cannot_be_drawn(name: str, kind: str, samples: Sequence[pd.DataFrame]) -> str | None:
    """Return why Evidently 0.7 raises on a column, or gets it wrong."""
    for sample, side in zip(samples, SIDES, strict=True):
        known = sample[name].dropna()
        if known.empty:
            return f"no value in {side}"
        if kind == "number" and np.isinf(known.to_numpy(dtype=float)).any():
            return f"an infinite value in {side}"
    return None


def _typed(sample: pd.DataFrame, kinds: Mapping[str, str]) -> pd.DataFrame:
    types = {name: "float64" if kind == "number" else "object" for name, kind in kinds.items()}
    return sample[list(kinds)].astype(types).reset_index(drop=True)


def _draw(samples: Sequence[pd.DataFrame], kinds: Mapping[str, str]) -> tuple[str, dict[str, SecondOpinion]]:
    definition = DataDefinition(
        numerical_columns=[name for name, kind in kinds.items() if kind == "number"],
        categorical_columns=[name for name, kind in kinds.items() if kind == "category"],
    )
    with _quiet():
        reference, current = (Dataset.from_pandas(sample, data_definition=definition) for sample in samples)
        # With its tests it says of each column whether it has drifted.
        result = Report([DataDriftPreset()], include_tests=True).run(current, reference)
        return result.get_html_str(as_iframe=False), _opinions(result)


def _reproducible(drawing: str) -> str:
    """Return the page with random ids as numbers in order of appearance, so that the same data give the same page."""
    numbers: dict[str, str] = {}
    return RANDOM_IDS.sub(lambda found: numbers.setdefault(found[0], f"{len(numbers):032x}"), drawing)


def _opinions(result: Any) -> dict[str, SecondOpinion]:
    """Return what Evidently's metrics of single columns say."""
    found = {}
    for one in result.metric_results.values():
        stated = one.metric_value_location.metric.params
        if "column" in stated and "method" in stated:
            drifted = any(test.status == TestStatus.FAIL for test in one.tests)
            method = stated["method"].replace(" distance (normed)", "").replace(" distance", "")
            found[stated["column"]] = SecondOpinion(method, float(one.value), stated["threshold"], drifted)
    return found


def _headed(drawing: str, title: str, sizes: Sequence[str], notes: Sequence[str]) -> str:
    """Put above the drawing what Evidently does not say: whose data, how much of it, and that it decides nothing."""
    lines = [
        f"Drawn by Evidently from {sizes[0]} of {SIDES[0]} and {sizes[1]} of {SIDES[1]}, by its own methods and "
        "thresholds. Alarms come from the platform's counts of all rows, and can differ from what it calls drift.",
        *(f"Left out: {note}." for note in notes),
    ]
    name = html.escape(title)
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    top = f'<header style="font-family: sans-serif; margin: 1em 2em"><h1>{name}</h1>{paragraphs}</header>'
    return drawing.replace("<head>", f"<head><title>{name}</title>", 1).replace("<body>", f"<body>{top}", 1)
