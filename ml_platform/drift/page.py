"""The drift report of a partition as one HTML page: what alarmed first, with the distributions that were compared."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from ml_platform.drift.bars import bars
from ml_platform.drift.count import Counts
from ml_platform.drift.profile import ColumnBins, Profile
from ml_platform.drift.report import LEVELS, ColumnDrift, DriftReport, Level, written_p
from ml_platform.drift.second_opinion import SecondOpinion, difference
from ml_platform.page.histogram import overlaid
from ml_platform.page.render import crumbs, render

BADGES: Mapping[Level, str] = {"critical": "bad", "warning": "warn", "ok": "good", "too_few_rows": ""}
MAX_DRAWN = 60
"""Columns whose distribution is drawn: the worst."""


@dataclass(frozen=True)
class Subject:
    """What a report is about."""

    model: str
    partition: str | None
    version: str
    """Of the model that scored the partition, and whose reference it is compared with."""
    predicted: frozenset[str]
    """Columns that the model predicts."""


@dataclass(frozen=True)
class Opinions:
    """What Evidently's report says, and where it is."""

    address: str
    n_bytes: int
    by_column: Mapping[str, SecondOpinion]
    left_out: Mapping[str, str]
    sample_rows: int


class Shown(NamedTuple):
    """A column as the page shows it."""

    drift: ColumnDrift
    missing_before: float
    missing_now: float
    picture: Markup | None
    opinion: SecondOpinion | None
    difference: str

    @property
    def change(self) -> str:
        """The bin that changed most; or why the column was not compared."""
        return self.drift.message.removeprefix(f"{self.drift.column}: ").rpartition("; ")[2]

    @property
    def significance(self) -> str:
        """The adjusted p value."""
        return "" if self.drift.p_adjusted is None else written_p(self.drift.p_adjusted)


def render_page(
    report: DriftReport,
    profile: Profile,
    counts: Counts,
    *,
    opinions: Opinions,
    subject: Subject,
    links: Mapping[str, str],
) -> str:
    """Return the page. `links` are addresses by their text, from the page's own."""
    by_name = {bins.name: bins for bins in profile.columns}
    ranked = report.worst_first()
    columns = [
        _shown(report, column, by_name[column.column], counts, opinions, draw=place < MAX_DRAWN)
        for place, column in enumerate(ranked)
    ]
    return render(
        Path(__file__).parent,
        "page.html.jinja",
        title=" ".join(filter(None, ("Drift of", subject.model, subject.partition))),
        crumbs=crumbs(subject.model),
        report=report,
        subject=subject,
        columns=columns,
        levels=[(level, n) for level in LEVELS if (n := Counter(one.level for one in ranked)[level])],
        badges=BADGES,
        opinions=opinions,
        n_differ=sum(bool(one.difference) for one in columns),
        links=links,
        max_drawn=MAX_DRAWN,
    )


def _shown(
    report: DriftReport, column: ColumnDrift, bins: ColumnBins, counts: Counts, opinions: Opinions, *, draw: bool
) -> Shown:
    current = counts.by_column[bins.name]
    opinion = opinions.by_column.get(bins.name)
    return Shown(
        column,
        _missing_share(bins.counts),
        _missing_share(current),
        overlaid(bars(bins, current)) if draw and counts.n_rows else None,
        opinion,
        difference(report, column, opinion),
    )


def _missing_share(counts: tuple[int, ...]) -> float:
    return counts[-1] / max(sum(counts), 1)
