"""After every fault of the table: earlier results are readable, `verify` names the damage, a rerun recovers."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml_platform_tests.faults.recovery import Earlier, Fault, observe
from ml_platform_tests.faults.table import FAULTS

pytestmark = pytest.mark.processes


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_told_and_made_good(fault: Fault, earlier: Earlier, tmp_path: Path) -> None:
    observe(fault, earlier, tmp_path / "clinic")
