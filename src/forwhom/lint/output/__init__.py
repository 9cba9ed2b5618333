"""Findings for people and for machines: text, JSON, SARIF, and GitHub's workflow commands."""

from forwhom.lint.output.github import github
from forwhom.lint.output.machine import as_json
from forwhom.lint.output.sarif import sarif
from forwhom.lint.output.text import explanation, rule_list, text

__all__ = ["as_json", "explanation", "github", "rule_list", "sarif", "text"]
