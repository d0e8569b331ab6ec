"""How much of the target one column alone tells: near 1 it is the target in other words, or made from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ml_platform.task import BINARY, REGRESSION, Task

if TYPE_CHECKING:
    import pandas as pd

NEAR_COPY = 0.98
MAX_ROWS = 20_000
SEED = 0


def strength(values: pd.Series, target: pd.Series, task: Task, *, classes: int) -> float:
    """Return what a small decision tree, asked about rows that it has not seen, knows by one column.

    Returns
    -------
    float
        For classes the share of errors that it saves against always naming the most frequent one, or, where it is
        larger, for two classes 2 AUC - 1; for numbers R². At most 1; below 0 it is worse than the guess.
    """
    from sklearn.metrics import accuracy_score, r2_score, roc_auc_score
    from sklearn.model_selection import KFold, StratifiedKFold, cross_val_predict
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    codes, truth = _sample(values, target)
    asset = max(2, len(codes) // 500)
    if task == REGRESSION:
        tree = DecisionTreeRegressor(min_samples_leaf=asset, max_leaf_nodes=256, random_state=SEED)
        return float(
            r2_score(truth, cross_val_predict(tree, codes, truth, cv=KFold(3, shuffle=True, random_state=SEED)))
        )
    tree = DecisionTreeClassifier(min_samples_leaf=asset, max_leaf_nodes=8 * classes, random_state=SEED)
    parts = StratifiedKFold(3, shuffle=True, random_state=SEED)
    if task == BINARY:
        scores = cross_val_predict(tree, codes, truth, cv=parts, method="predict_proba")[:, 1]
        return float(2 * roc_auc_score(truth == truth.max(), scores) - 1)
    base = truth.value_counts(normalize=True).iloc[0]
    return float((accuracy_score(truth, cross_val_predict(tree, codes, truth, cv=parts)) - base) / (1 - base))


def _sample(values: pd.Series, target: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    """Return rows with a known target, as numbers; categories as their place in order."""
    import pandas as pd

    both = pd.DataFrame({"value": values.array, "target": target.array})
    both = both[both["target"].notna()]
    if len(both) > MAX_ROWS:
        both = both.sample(MAX_ROWS, random_state=SEED)
    if not pd.api.types.is_numeric_dtype(both["value"].dtype) or pd.api.types.is_bool_dtype(both["value"].dtype):
        both["value"] = both["value"].astype("category").cat.codes
    truth = both["target"]
    if not pd.api.types.is_numeric_dtype(truth.dtype) or pd.api.types.is_bool_dtype(truth.dtype):
        truth = truth.astype("category").cat.codes
    return both[["value"]].astype("float64"), truth
