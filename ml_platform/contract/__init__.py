"""Contracts of tables: what a contract, its rules and its results are. May import choices, instants, errors.

``odcs`` reads a document into a contract, ``validation`` validates a table by it, ``quarantine`` sets rows aside.
"""

from ml_platform.contract.contract import PARTITION_CHECK, Column, Contract, Window
from ml_platform.contract.document import load_contract, read_contract
from ml_platform.contract.result import CheckResult, ContractCheck, ValidationResult

__all__ = [
    "PARTITION_CHECK",
    "CheckResult",
    "Column",
    "Contract",
    "ContractCheck",
    "ValidationResult",
    "Window",
    "load_contract",
    "read_contract",
]
