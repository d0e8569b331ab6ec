"""The stored document and what the gates read are the same thing; a damaged one is rejected, not guessed at."""

import json
import math

import pytest

from ml_platform.errors import DataError
from ml_platform.promotion.evidence import Evidence
from ml_platform_tests.promotion.evidence import champion, gathered, truth

EVIDENCE = gathered(*truth(n_rows=2_000), champion(truth()[1]))


def test_evidence_survives_json() -> None:
    assert Evidence.from_document(json.loads(json.dumps(EVIDENCE.model_dump()))) == EVIDENCE


def test_null_in_the_document_is_nan() -> None:
    document = EVIDENCE.model_dump()
    document["baseline"]["gain"]["roc_auc"]["low"] = None
    assert math.isnan(Evidence.from_document(document).baseline.gain["roc_auc"].low)


def test_a_damaged_document_names_what_is_missing() -> None:
    document = EVIDENCE.model_dump()
    del document["baseline"]["gain"]["roc_auc"]["low"]
    with pytest.raises(DataError, match=r"baseline\.gain\.roc_auc\.low: Field required"):
        Evidence.from_document(document)


@pytest.mark.parametrize("field", ["champion", "n_unseen"])
def test_losing_the_champions_version_does_not_pass_for_having_no_champion(field: str) -> None:
    document = EVIDENCE.model_dump() | {"champion_version": None}
    document |= {key: None for key in ("champion", "n_unseen") if key != field}
    with pytest.raises(DataError, match="champion_version is missing"):
        Evidence.from_document(document)
