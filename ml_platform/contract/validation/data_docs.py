"""Great Expectations' own Data Docs of a validation result: its whole site, as it builds it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.core import (
    ExpectationSuite,
    ExpectationSuiteValidationResult,
    ExpectationValidationResult,
    RunIdentifier,
)
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.data_context.types.resource_identifiers import (
    ExpectationSuiteIdentifier,
    ValidationResultIdentifier,
)
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

from ml_platform.contract.result import CheckResult, ValidationResult

NOT_RAISED = {"raised_exception": False, "exception_message": None, "exception_traceback": None}
SITE = "data_docs"
VALUES = "ExpectColumnValue"
"""How the names of expectations on each value begin: of these, Great Expectations too can tolerate a share."""


def build_data_docs(validation: ValidationResult, *, run: str, made_at: datetime, folder: Path) -> None:
    """Build the site of one validation result into an empty folder; it begins at ``index.html``.

    Each expectation has the outcome of the check that it belongs to: what the contract tolerates is no failure there
    either, and a check that failed has at least one expectation that did.

    Parameters
    ----------
    run
        Name of the run in the site: the partition.
    made_at
        When the table was validated.
    """
    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    for name in list(context.variables.data_docs_sites or ()):
        context.delete_data_docs_site(name)
    backend = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)}
    context.add_data_docs_site(SITE, {"class_name": "SiteBuilder", "store_backend": backend})
    results = [one for check in validation.check_results for one in _of_check(check, validation)]
    suite = ExpectationSuite(validation.table, expectations=[one.expectation_config for one in results])
    context.suites.add(suite)
    run_id = RunIdentifier(run_name=escape(run), run_time=made_at)
    identifier = ValidationResultIdentifier(ExpectationSuiteIdentifier(suite.name), run_id, batch_identifier="rows")
    context.validation_results_store.set(identifier, _suite_result(validation, suite.name, results, run_id))
    context.build_data_docs([SITE])


def _suite_result(
    validation: ValidationResult, name: str, results: list[ExpectationValidationResult], run_id: RunIdentifier
) -> ExpectationSuiteValidationResult:
    n_passed = sum(bool(result.success) for result in results)
    return ExpectationSuiteValidationResult(
        success=n_passed == len(results),
        results=results,
        suite_name=name,
        statistics={
            "evaluated_expectations": len(results),
            "successful_expectations": n_passed,
            "unsuccessful_expectations": len(results) - n_passed,
            "success_percent": 100 * n_passed / len(results),
        },
        meta={
            "run_id": run_id,
            "active_batch_definition": {"datasource_name": "ml_platform", "data_asset_name": escape(validation.file)},
        },
    )


def _of_check(check: CheckResult, validation: ValidationResult) -> Iterator[ExpectationValidationResult]:
    """Yield a check's expectations; a sentence for one that needs none, or fails though all of them hold."""
    own = [result for result in validation.results if result["check"] == check.check]
    for result in own:
        tolerated = validation.max_quarantine_share if result["expectation"].startswith(VALUES) else 0.0
        yield _of_expectation(result, check.passed or result["passed"], tolerated)
    if not own or (not check.passed and all(result["passed"] for result in own)):
        arguments = {"unexpected_rows_query": "{batch}"}
        yield _result("unexpected_rows_expectation", arguments, check.passed, {"observed_value": check.message}, check)


def _of_expectation(result: Mapping[str, Any], passed: bool, tolerated: float) -> ExpectationValidationResult:
    shown = {"element_count": result["n_rows"], "unexpected_count": result["n_failed"]}
    shown["unexpected_percent"] = 100 * result["n_failed"] / max(result["n_rows"], 1)
    observed = {} if result["observed"] is None else {"observed_value": result["observed"]}
    arguments = {**result["arguments"], **({"mostly": 1 - tolerated} if tolerated else {})}
    name = getattr(gxe, result["expectation"]).expectation_type
    return _result(name, arguments, passed, {**shown, **observed}, None)


def _escaped(value: Any) -> Any:
    """Return a value whose texts are safe in HTML: the library puts names and values into its page as they are."""
    match value:
        case str():
            return escape(value)
        case list():
            return [_escaped(one) for one in value]
        case Mapping():
            return {name: _escaped(one) for name, one in value.items()}
    return value


def _result(
    name: str, arguments: Mapping[str, Any], passed: bool, result: Mapping[str, Any], described: CheckResult | None
) -> ExpectationValidationResult:
    description = described.check if described else None
    return ExpectationValidationResult(
        success=passed,
        expectation_config=ExpectationConfiguration(type=name, kwargs=_escaped(arguments), description=description),
        result=_escaped(result),
        exception_info=NOT_RAISED,
    )
