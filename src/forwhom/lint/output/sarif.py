"""Findings as SARIF 2.1.0, the format of code scanning (GitHub, GitLab, editors)."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from forwhom.lint.diagnostic import Diagnostic, LintResult
from forwhom.lint.registry import Rule, all_rules

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(results: Sequence[LintResult], version: str = "") -> dict[str, Any]:
    """Return one run with its rules and results."""
    driver: dict[str, Any] = {"name": "forwhom lint", "rules": [_rule(one) for one in all_rules()]}
    if version:
        driver["semanticVersion"] = version
    unread = [
        {
            "level": "error",
            "message": {"text": result.error},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(result.file)}}}],
        }
        for result in results
        if result.error
    ]
    remarks = [
        {"level": "note", "message": {"text": f"{result.file}: {said}"}}
        for result in results
        for said in result.remarks
    ]
    invocation = {
        "executionSuccessful": not unread,
        "toolExecutionNotifications": [*unread, *remarks],
    }
    found = [_result(d) for result in results for d in result.diagnostics]
    run = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "results": found,
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(one: Rule) -> dict[str, Any]:
    return {
        "id": one.code,
        "name": one.name,
        "shortDescription": {"text": one.summary},
        "fullDescription": {"text": one.sections["What it checks"]},
        "help": {"text": one.documentation, "markdown": one.documentation},
        "defaultConfiguration": {"level": one.severity},
        "properties": {"tags": [one.group]},
    }


def _result(diagnostic: Diagnostic) -> dict[str, Any]:
    index = next(i for i, one in enumerate(all_rules()) if one.code == diagnostic.code)
    location = {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(diagnostic.file)},
            "region": {"startLine": diagnostic.line or 1, "startColumn": diagnostic.column or 1},
        },
        "logicalLocations": [{"fullyQualifiedName": diagnostic.path or "canvas"}],
    }
    # Line numbers move; what is said, and in which canvas, does not.
    said = f"{diagnostic.file}\n{diagnostic.code}\n{diagnostic.path}\n{diagnostic.message}"
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": diagnostic.severity,
        "message": {"text": f"{diagnostic.message} {diagnostic.advice}"},
        "locations": [location],
        "partialFingerprints": {"forwhom/v1": hashlib.sha256(said.encode()).hexdigest()[:32]},
    }


def _uri(file: str) -> str:
    """Return a file as a URI, relative to where the command runs when it stands below."""
    if not file:
        return "canvas.yaml"
    path = Path(file)
    if path.is_absolute():
        try:
            path = path.relative_to(Path.cwd())
        except ValueError:
            return path.as_uri()
    return quote(path.as_posix())
