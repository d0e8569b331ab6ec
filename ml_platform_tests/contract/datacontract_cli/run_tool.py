"""Run by the Python of datacontract-cli's own environment: lint and test contracts, and write what it finds as JSON."""

import json
import logging
import sys

from datacontract.data_contract import DataContract

logging.disable(logging.CRITICAL)


def results(path: str) -> dict[str, object]:
    """Return the results of both commands, and which checks failed."""
    tested = DataContract(data_contract_file=path).test()
    return {
        "lint": DataContract(data_contract_file=path).lint().result,
        "test": tested.result,
        "failed": sorted(f"{check.type} {check.field}" for check in tested.checks if check.result == "failed"),
        "warned": sorted(f"{check.type} {check.field}" for check in tested.checks if check.result == "warning"),
        "reasons": [check.reason for check in tested.checks if check.result == "failed"],
    }


if __name__ == "__main__":
    print(json.dumps({path: results(path) for path in sys.argv[1:]}))
