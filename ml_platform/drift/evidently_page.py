"""The drift page that people read: drawn by Evidently on a bounded sample. It decides nothing."""

import html
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np
import pandas as pd

from ml_platform.choices import did_you_mean
from ml_platform.errors import DataError

SAMPLE_ROWS = 5_000

SIDES = ("the reference", "the current data")

RANDOM_IDS = re.compile(r"(?<=metric_)[0-9a-f]{32}|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence Evidently 0.7's own deprecated calls, and its arithmetic on constant or huge columns."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.filterwarnings("ignore", module=r"(.*[/\\])?(evidently|litestar)\b")
        yield


with _quiet():
    from evidently import DataDefinition, Dataset, Report
    from evidently.presets import DataDriftPreset


def draw_evidently_page(
    reference: pd.DataFrame, current: pd.DataFrame, kinds: Mapping[str, str], *, title: str, seed: int
) -> tuple[str, list[str]]:
    """Return one self-contained HTML page, and which columns were left out and why.

    At most `SAMPLE_ROWS` rows of each frame are drawn, by `seed`; the same arguments give the same page.
    """
    frames = (reference, current)
    samples = [_sample(frame, side, kinds, seed) for frame, side in zip(frames, SIDES, strict=True)]
    left_out = {name: why for name in kinds if (why := _cannot_be_drawn(name, kinds[name], samples))}
    notes = [f"{name}: {why}" for name, why in left_out.items()]
    drawn = {name: kind for name, kind in kinds.items() if name not in left_out}
    drawing = _draw([_typed(sample, drawn) for sample in samples], drawn) if drawn else "<head></head><body></body>"
    sizes = [f"{len(sample):,} of {len(frame):,} rows" for sample, frame in zip(samples, frames, strict=True)]
    return _headed(drawing, title, sizes, notes), notes


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


def _draw(samples: Sequence[pd.DataFrame], kinds: Mapping[str, str]) -> str:
    definition = DataDefinition(
        numerical_columns=[name for name, kind in kinds.items() if kind == "number"],
        categorical_columns=[name for name, kind in kinds.items() if kind == "category"],
    )
    with _quiet():
        reference, current = (Dataset.from_pandas(sample, data_definition=definition) for sample in samples)
        drawing = Report([DataDriftPreset(method="psi")]).run(current, reference).get_html_str(as_iframe=False)
    # Random ids become numbers in order of appearance, so that the same data give the same page.
    numbers: dict[str, str] = {}
    return RANDOM_IDS.sub(lambda found: numbers.setdefault(found[0], f"{len(numbers):032x}"), drawing)


def _headed(drawing: str, title: str, sizes: Sequence[str], notes: Sequence[str]) -> str:
    """Put above the drawing what Evidently does not say: whose data, how much of it, and that it decides nothing."""
    lines = [
        f"Drawn by Evidently from {sizes[0]} of {SIDES[0]} and {sizes[1]} of {SIDES[1]}, with bins of its own. "
        "Alarms come from the counts of all rows, and can differ from what is called drift below.",
        *(f"Left out: {note}." for note in notes),
    ]
    name = html.escape(title)
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    top = f'<header style="font-family: sans-serif; margin: 1em 2em"><h1>{name}</h1>{paragraphs}</header>'
    return drawing.replace("<head>", f"<head><title>{name}</title>", 1).replace("<body>", f"<body>{top}", 1)
