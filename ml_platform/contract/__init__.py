"""Contracts of tables: an ODCS document becomes expectations, a validation, valid rows and quarantined rows."""

from ml_platform.contract.contract import PARTITION_CHECK, Column, Contract, ContractCheck, Window
from ml_platform.contract.data_docs import data_docs_page
from ml_platform.contract.document import load_contract, read_contract
from ml_platform.contract.evaluate import evaluate
from ml_platform.contract.quarantine import split
from ml_platform.contract.readmission import readmitted
from ml_platform.contract.result import CheckResult, ValidationResult

__all__ = [
    "PARTITION_CHECK",
    "CheckResult",
    "Column",
    "Contract",
    "ContractCheck",
    "ValidationResult",
    "Window",
    "data_docs_page",
    "evaluate",
    "load_contract",
    "read_contract",
    "readmitted",
    "split",
]
