"""Great Expectations' Data Docs of a validation result: one page that reads well without a network."""

import re
from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any

import great_expectations.expectations as gxe
from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.render.renderer import ValidationResultsPageRenderer
from great_expectations.render.view import DefaultJinjaPageView

from ml_platform.contract.result import CheckResult, ValidationResult

NOT_RAISED = {"raised_exception": False, "exception_message": None, "exception_traceback": None}
ELSEWHERE = re.compile(
    r"<script\b.*?</script>|<style\b.*?</style>|<link\b[^>]*>|<img\b[^>]*>|<iframe\b.*?</iframe>|<!--.*?-->",
    re.DOTALL | re.IGNORECASE,
)
LINK = re.compile(r"<a\b[^>]*href=\"(?!#)[^\"]*\"[^>]*>(.*?)</a>", re.DOTALL | re.IGNORECASE)
STYLE = """<style>
body { font: 15px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff }
body { margin: 2rem auto; max-width: 75rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem }
td, th { border: 1px solid #ddd; padding: .4rem .6rem; text-align: left; vertical-align: top }
.btn, button, nav, .modal, .cooltip { display: none }
.fa-check-circle::before { content: "\\2713"; color: #1a7f37; font-weight: bold }
.fa-times::before { content: "\\2717"; color: #c62828; font-weight: bold }
.badge { background: #eef; border-radius: .3rem; padding: 0 .3rem }
</style>"""


def data_docs_page(validation: ValidationResult, *, title: str, made_at: datetime) -> str:
    """Return the page of a validation result as Great Expectations renders it, with `title` and the time it was made.

    It loads no script, style or picture from elsewhere.
    """
    by_library = {result["check"] for result in validation.results}
    results = [
        *map(_of_expectation, validation.results),
        *(_of_check_result(one) for one in validation.check_results if one.check not in by_library),
    ]
    n_passed = sum(bool(result.success) for result in results)
    suite = ExpectationSuiteValidationResult(
        success=validation.passed,
        results=results,
        suite_name=title,
        statistics={
            "evaluated_expectations": len(results),
            "successful_expectations": n_passed,
            "unsuccessful_expectations": len(results) - n_passed,
            "success_percent": 100 * n_passed / len(results),
        },
        meta={"run_id": {"run_name": title, "run_time": made_at.isoformat()}, "active_batch_definition": {}},
    )
    page: str = DefaultJinjaPageView().render(ValidationResultsPageRenderer(run_info_at_end=True).render(suite))
    return alone(page)


def alone(page: str) -> str:
    """Return a page without anything that a browser would fetch, in a style of its own."""
    without = LINK.sub(r"\1", ELSEWHERE.sub("", page))
    return without.replace("</head>", f"{STYLE}</head>", 1)


def _of_expectation(result: Mapping[str, Any]) -> ExpectationValidationResult:
    shown = {"element_count": result["n_rows"], "unexpected_count": result["n_failed"]}
    shown["unexpected_percent"] = 100 * result["n_failed"] / max(result["n_rows"], 1)
    observed = {} if result["observed"] is None else {"observed_value": result["observed"]}
    name = getattr(gxe, result["expectation"]).expectation_type
    return _result(name, result["arguments"], result["passed"], {**shown, **observed}, None)


def _of_check_result(one: CheckResult) -> ExpectationValidationResult:
    """Return a check that needs no expectation (columns and types, queries, service levels): described, not queried."""
    arguments = {"unexpected_rows_query": "{batch}"}
    return _result("unexpected_rows_expectation", arguments, one.passed, {"observed_value": one.message}, one.check)


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
    name: str, arguments: Mapping[str, Any], passed: bool, result: Mapping[str, Any], description: str | None
) -> ExpectationValidationResult:
    return ExpectationValidationResult(
        success=passed,
        expectation_config=ExpectationConfiguration(type=name, kwargs=_escaped(arguments), description=description),
        result=_escaped(result),
        exception_info=NOT_RAISED,
    )
