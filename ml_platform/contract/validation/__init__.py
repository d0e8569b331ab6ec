"""Validates a table by its contract: Polars counts in one pass, Great Expectations decides."""

from ml_platform.contract.validation.validate import validate

__all__ = ["validate"]
