"""Each measure equals an independent implementation, and each interval covers the truth as often as it says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from ml_platform.exploration.intervals import Estimate, correlation_ratio, cramers_v, pearson, spearman

RNG = np.random.default_rng(3)


def groups(n: int, shift: float = 0.6) -> tuple[np.ndarray, np.ndarray]:
    codes = (RNG.random(n) < 0.3).astype(np.intp)
    return codes, RNG.normal(size=n) + shift * codes


def test_pearson_with_two_classes_is_the_point_biserial_correlation_with_fishers_interval() -> None:
    codes, values = groups(200)
    estimate = pearson(values, codes.astype(float), measure="point-biserial")
    assert estimate.value == pytest.approx(stats.pointbiserialr(codes, values).statistic)
    interval = stats.pearsonr(values, codes).confidence_interval(0.95)
    assert (estimate.low, estimate.high) == pytest.approx((interval.low, interval.high))


def test_pearson_of_a_perfect_line_has_an_interval() -> None:
    x = np.arange(20.0)
    estimate = pearson(x, 2 * x)
    assert estimate.low == pytest.approx(1)
    assert estimate.high == pytest.approx(1)


def test_cramers_v_of_many_rows_is_the_plain_one_and_of_few_rows_has_no_bias() -> None:
    table = np.array([[300, 200], [100, 100], [50, 250]])
    plain = stats.contingency.association(1000 * table, method="cramer")
    assert cramers_v(1000 * table).value == pytest.approx(plain, abs=1e-3)
    independent = [RNG.multinomial(100, np.full(20, 1 / 20)).reshape(10, 2) for _ in range(200)]
    biased = np.mean([stats.contingency.association(counts, method="cramer") ** 2 for counts in independent])
    assert biased > 0.07
    assert np.mean([cramers_v(counts).value ** 2 for counts in independent]) < 0.02


def test_cramers_v_leaves_out_categories_that_never_occur() -> None:
    table = np.array([[30, 20], [0, 0], [5, 25]])
    assert cramers_v(table) == cramers_v(table[[0, 2]])


def test_correlation_ratio_is_epsilon_squared_of_the_f_test() -> None:
    codes, values = RNG.integers(0, 4, 120), RNG.normal(size=120)
    values += 0.5 * codes
    f = stats.f_oneway(*(values[codes == code] for code in range(4))).statistic
    assert correlation_ratio(codes, values).value ** 2 == pytest.approx((f - 1) * 3 / (f * 3 + 116))


@pytest.mark.parametrize(("n", "k"), [(60, 3), (500, 5), (2000, 40)])
def test_its_interval_is_that_of_the_noncentral_f_distribution(n: int, k: int) -> None:
    codes = RNG.integers(0, k, n)
    values = RNG.normal(size=n) + 1.5 * codes / k
    f = stats.f_oneway(*(values[codes == code] for code in range(k))).statistic
    estimate = correlation_ratio(codes, values)
    for bound, probability in ((estimate.low, 0.975), (estimate.high, 0.025)):
        noncentrality = n * bound**2 / (1 - bound**2)
        assert stats.ncf.cdf(f, k - 1, n - k, noncentrality) == pytest.approx(probability, abs=0.01)


@pytest.mark.parametrize("spread", [0.0, 1e-9, 1e-3])
def test_groups_that_say_everything_have_a_ratio_of_one(spread: float) -> None:
    codes = np.arange(80_000) % 2
    estimate = correlation_ratio(codes, codes + spread * RNG.normal(size=80_000))
    assert estimate.low == pytest.approx(1, abs=1e-4)
    assert estimate.low <= estimate.value <= estimate.high <= 1


JOINT = np.array([[0.3, 0.2], [0.1, 0.1], [0.05, 0.25]])
EXPECTED = np.outer(JOINT.sum(axis=1), JOINT.sum(axis=0))
TRUE_V = float((((JOINT - EXPECTED) ** 2 / EXPECTED).sum()) ** 0.5)
TRUE_R = 0.6 * (0.3 * 0.7) ** 0.5 / (1 + 0.36 * 0.3 * 0.7) ** 0.5


def of_groups(measure: Callable[..., Estimate]) -> Estimate:
    codes, values = groups(300)
    return measure(values, codes.astype(float))


CASES: dict[str, tuple[Callable[[], Estimate], float]] = {
    "point-biserial": (lambda: of_groups(pearson), TRUE_R),
    # Of a large sample: it has no closed form.
    "Spearman": (lambda: of_groups(spearman), spearman(*(part.astype(float) for part in groups(400_000))).value),
    "correlation ratio": (lambda: correlation_ratio(*groups(300)), TRUE_R),
    "Cramér's V": (lambda: cramers_v(RNG.multinomial(300, JOINT.ravel()).reshape(3, 2)), TRUE_V),
}


@pytest.mark.parametrize("measure", CASES)
def test_intervals_cover_the_truth(measure: str) -> None:
    estimate, truth = CASES[measure]
    covered = [found.low <= truth <= found.high for found in (estimate() for _ in range(300))]
    assert 0.91 < np.mean(covered) < 0.996
