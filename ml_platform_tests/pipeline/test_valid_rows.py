"""A table is divided into valid and quarantined rows, once for each file and contract."""

from ml_platform.pipeline.valid_rows import divide_rows
from ml_platform_tests.loop import Loop


def test_every_row_is_in_one_part(loop: Loop) -> None:
    divided = loop.made["divide_rows"]
    assert len(divided.valid.frame) + len(divided.quarantined.frame) == loop.made["record_raw_file"].manifest.n_rows
    assert divided.quarantined_share == 0
    assert not divided.valid.kept
    again = loop.again(divide_rows, table="tumours")
    assert again.valid.kept
    assert again.quarantined.kept
    assert again.n_readmitted == 0
