"""The stored document and what the gates read are the same thing; a damaged one is rejected, not guessed at."""

import math

import pytest

from ml_platform.errors import DataError
from ml_platform.promotion.evidence import Evidence
from ml_platform_tests.promotion.evidence import champion, gathered, truth

EVIDENCE = gathered(*truth(n_rows=2_000), champion(truth()[1]))


def test_evidence_survives_its_document() -> None:
    assert Evidence.from_document(EVIDENCE.to_document()) == EVIDENCE


def test_nan_is_null_in_the_document_and_nan_again() -> None:
    document = EVIDENCE.to_document()
    document["baseline"]["gain"]["roc_auc"]["low"] = math.nan
    stored = Evidence.from_document(document).to_document()
    assert stored["baseline"]["gain"]["roc_auc"]["low"] is None
    assert math.isnan(Evidence.from_document(stored).baseline.gain["roc_auc"].low)


def test_a_damaged_document_names_what_is_missing() -> None:
    document = EVIDENCE.to_document()
    del document["baseline"]["gain"]["roc_auc"]["low"]
    with pytest.raises(DataError, match=r"baseline\.gain\.roc_auc\.low: Field required"):
        Evidence.from_document(document)


@pytest.mark.parametrize("field", ["champion", "n_unseen"])
def test_losing_the_champions_version_does_not_pass_for_having_no_champion(field: str) -> None:
    document = EVIDENCE.to_document() | {"champion_version": None}
    document |= {key: None for key in ("champion", "n_unseen") if key != field}
    with pytest.raises(DataError, match="champion_version is missing"):
        Evidence.from_document(document)
