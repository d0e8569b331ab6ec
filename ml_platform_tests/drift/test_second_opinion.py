"""Where Evidently differs, the page says why; where it agrees or is silent, nothing is explained."""

from __future__ import annotations

from dataclasses import replace

from ml_platform.drift.report import ColumnDrift, DriftReport
from ml_platform.drift.second_opinion import SecondOpinion, difference

DRIFT = SecondOpinion("Wasserstein", 0.266, 0.1, drifted=True)
NO_DRIFT = replace(DRIFT, value=0.04, drifted=False)
QUIET = ColumnDrift("visib", 0.05, 0.5, 0.5, "ok", "")
REPORT = DriftReport("population_stability_index", 0.1, 0.2, 900, 800, (QUIET,))


def test_the_reason_has_both_figures_and_thresholds() -> None:
    assert difference(REPORT, QUIET, DRIFT) == (
        "Evidently's Wasserstein of 0.266 is beyond its threshold of 0.1; PSI 0.050 stays below 0.1."
    )
    assert difference(REPORT, replace(QUIET, value=0.3), DRIFT).endswith("PSI 0.300 can be chance in so few rows.")
    assert difference(REPORT, replace(QUIET, value=0.15, level="warning"), NO_DRIFT) == (
        "PSI 0.150 is significant and reaches 0.1; Evidently's Wasserstein of 0.04 is within its threshold of 0.1."
    )


def test_agreement_and_silence_need_no_reason() -> None:
    assert difference(REPORT, QUIET, NO_DRIFT) == ""
    assert difference(REPORT, replace(QUIET, level="critical"), DRIFT) == ""
    assert difference(REPORT, QUIET, None) == ""
    assert difference(REPORT, replace(QUIET, value=None, level="too_few_rows"), DRIFT) == ""


def test_an_opinion_reads_as_a_phrase() -> None:
    assert str(DRIFT) == "drift, Wasserstein 0.266"
