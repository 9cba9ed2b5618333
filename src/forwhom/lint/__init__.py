"""The linter: rules on a canvas, findings with line and column."""

from forwhom.lint.diagnostic import Diagnostic, LintResult
from forwhom.lint.engine import lint_canvas
from forwhom.lint.registry import Rule, all_rules, find_rules, groups

__all__ = ["Diagnostic", "LintResult", "Rule", "all_rules", "find_rules", "groups", "lint_canvas"]
