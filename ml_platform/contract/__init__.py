"""Contracts of tables: what a contract, its rules and its results are. May import choices, instants, errors.

``odcs`` reads a document into a ``Contract``. Each kind of rule on tables is one module: ``metrics``, ``sql``,
``expectations``, ``references``, ``service_levels``. ``validation`` validates a table by its contract.
"""

from ml_platform.contract.contract import Column, Contract, Window
from ml_platform.contract.odcs.document import load_contract, read_contract
from ml_platform.contract.result import CheckResult, ValidationResult

__all__ = ["CheckResult", "Column", "Contract", "ValidationResult", "Window", "load_contract", "read_contract"]
