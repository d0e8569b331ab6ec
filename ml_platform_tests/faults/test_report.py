from ml_platform_tests.faults.report import PAGE, rows
from ml_platform_tests.faults.table import FAULTS


def test_the_page_has_a_row_for_every_fault_of_the_table() -> None:
    assert rows(PAGE.read_text()) == [(fault.name, fault.how) for fault in FAULTS]
