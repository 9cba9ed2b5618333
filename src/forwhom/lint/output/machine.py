from collections.abc import Sequence
from typing import Any

from forwhom.lint.diagnostic import LintResult


def as_json(results: Sequence[LintResult]) -> dict[str, Any]:
    """Return all results, and how many findings there are."""
    return {
        "findings": sum(len(result.diagnostics) for result in results),
        "unread": sum(bool(result.error) for result in results),
        "canvases": [result.model_dump(mode="json") for result in results],
    }
