"""Reads a document of the Open Data Contract Standard into a ``Contract``, or rejects it. Light: no pandas."""

from ml_platform.contract.odcs.document import load_contract, read_contract

__all__ = ["load_contract", "read_contract"]
