"""Contracts of tables: an ODCS document becomes expectations, a verdict, valid rows and quarantined rows."""

from ml_platform.contract.contract import PARTITION_CHECK, Column, Contract, ContractCheck, Window
from ml_platform.contract.data_docs import data_docs_page
from ml_platform.contract.document import load_contract, read_contract
from ml_platform.contract.evaluate import evaluate
from ml_platform.contract.quarantine import split
from ml_platform.contract.readmission import readmitted
from ml_platform.contract.verdict import Finding, Verdict

__all__ = [
    "PARTITION_CHECK",
    "Column",
    "Contract",
    "ContractCheck",
    "Finding",
    "Verdict",
    "Window",
    "data_docs_page",
    "evaluate",
    "load_contract",
    "read_contract",
    "readmitted",
    "split",
]
