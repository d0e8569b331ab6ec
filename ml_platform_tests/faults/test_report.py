from ml_platform_tests.faults.report import PAGE, read_rows
from ml_platform_tests.faults.table import FAULTS


def test_the_page_has_a_row_for_every_fault_of_the_table() -> None:
    rows = read_rows(PAGE.read_text())
    assert [(row[0], row[1]) for row in rows.values()] == [(fault.name, fault.how) for fault in FAULTS]
