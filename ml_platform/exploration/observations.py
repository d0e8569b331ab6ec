"""The main observations, in sentences: what somebody who reads one paragraph should know."""

from collections.abc import Iterator
from dataclasses import dataclass

from ml_platform.exploration.explore import Exploration
from ml_platform.exploration.shift import Shift

RARE_CLASS = 0.05
MUCH_MISSING = 0.2
MISSING_GAP = 0.1
STRONG_AUC = 0.9
MANY_IN_TRAIN = 0.01
SHIFTED_AUC = 0.6
FEW_EXPLAINED = 0.3
NAMED = 3


@dataclass(frozen=True)
class Observation:
    """One sentence about one topic; `look` when somebody should look at it before training."""

    topic: str
    text: str
    look: bool = False


def observe(exploration: Exploration) -> tuple[Observation, ...]:
    """Return the main observations, in the order of the page."""
    return (
        *_target(exploration),
        *_columns(exploration),
        *_associations(exploration),
        *_outliers(exploration),
        *_duplicates(exploration),
        *map(_shift, exploration.shifts),
        _labels(exploration),
    )


def _target(exploration: Exploration) -> Iterator[Observation]:
    whole, *parts = exploration.target
    sizes = ", ".join(f"{part.part} {part.n_rows:,}" for part in parts)
    empty = [part.part for part in parts if not part.n_rows]
    yield Observation("rows", f"{whole.n_rows:,} labelled rows: {sizes}", look=bool(empty))
    if not whole.counts:
        low, _, median, _, high = whole.quantiles
        yield Observation("target", f"from {low:.4g} to {high:.4g}, median {median:.4g}", look=low == high)
        return
    rarest = min(whole.counts, key=lambda name: whole.counts[name])
    share = whole.counts[rarest] / whole.n_rows
    lacking = [f"{part.part} has no {name}" for part in parts for name, count in part.counts.items() if not count]
    text = "; ".join([f"{rarest} is the rarest of {len(whole.counts)} classes with {share:.1%}", *lacking])
    yield Observation("target", text, look=share < RARE_CLASS or bool(lacking))


def _columns(exploration: Exploration) -> Iterator[Observation]:
    for state in ("no value at all", "nothing finite", "one value only"):
        if names := [column.name for column in exploration.columns if column.state == state]:
            yield Observation("columns", f"{state}: {_named(names)}", look=True)
    if names := [column.name for column in exploration.columns if column.infinite]:
        yield Observation("infinite", f"infinite values in {_named(names)}; training rejects them", look=True)
    missing = sorted((c for c in exploration.columns if c.missing), key=lambda c: -c.missing)
    if not missing:
        yield Observation("missing", "no value is missing")
        return
    shares = _named([f"{c.name} {c.missing / c.n_rows:.1%}" for c in missing])
    yield Observation("missing", shares, look=missing[0].missing > MUCH_MISSING * missing[0].n_rows)
    for column in missing:
        known = [share for share in column.missing_by_part.values() if share is not None]
        if max(known) - min(known) > MISSING_GAP:
            yield Observation(
                "missing", f"{column.name}: between {min(known):.1%} and {max(known):.1%} by part", look=True
            )


def _associations(exploration: Exploration) -> Iterator[Observation]:
    aucs = [(found.column, found.auc) for found in exploration.associations if found.auc is not None]
    if not aucs:
        yield Observation("associations", "none can be measured", look=True)
        return
    strongest = "AUC of " + _named([f"{column} {auc:.2f}" for column, auc in aucs])
    leak = aucs[0][1] > STRONG_AUC
    yield Observation(
        "associations", strongest + ("; that strong, ask whether it is a leak" if leak else ""), look=leak
    )


def _outliers(exploration: Exploration) -> Iterator[Observation]:
    counted = [(c.outliers.tukey, c) for c in exploration.columns if c.outliers and c.outliers.tukey]
    if counted:
        most = sorted(counted, key=lambda found: -found[0])
        yield Observation("outliers", _named([f"{c.name} {count / c.n_rows:.1%}" for count, c in most]))


def _duplicates(exploration: Exploration) -> Iterator[Observation]:
    found = exploration.duplicates
    shared = ", ".join(f"{count:,} of {part}" for part, count in found.in_train_too.items())
    text = f"{found.by_key:,} rows by key, {found.by_content:,} by content; same features as a train row: {shared}"
    sizes = {part.part: part.n_rows for part in exploration.target}
    many = any(count > MANY_IN_TRAIN * sizes[part] for part, count in found.in_train_too.items())
    yield Observation("duplicates", text, look=bool(found.by_key) or many)


def _shift(shift: Shift) -> Observation:
    topic = f"train and {shift.part}"
    if shift.auc is None or shift.low is None:
        return Observation(topic, f"not compared: {shift.reason}", look=True)
    best = _named([f"{name} {auc:.2f}" for name, auc in shift.alone])
    text = f"told apart with AUC {shift.auc:.3f} [{shift.low:.3f}, {shift.high:.3f}]; by one feature alone: {best}"
    return Observation(topic, text, look=shift.low > SHIFTED_AUC)


def _labels(exploration: Exploration) -> Observation:
    issues = exploration.label_issues
    if issues.n_suspected is None or issues.skill is None:
        return Observation("labels", f"not judged: {issues.reason}", look=True)
    text = f"{issues.n_suspected:,} of {issues.n_rows:,} suspected ({issues.share:.1%})"
    if issues.skill < FEW_EXPLAINED:
        known = max(issues.skill, 0.0)
        return Observation("labels", f"{text}, by a model that explains only {known:.0%}: rather chance than error")
    return Observation("labels", text, look=bool(issues.n_suspected))


def _named(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
