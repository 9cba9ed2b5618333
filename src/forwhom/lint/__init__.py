"""The linter: rules on a canvas, findings with line and column."""

from forwhom.lint.diagnostic import LintResult
from forwhom.lint.engine import lint_canvas
from forwhom.lint.registry import all_rules, find_rules, groups

__all__ = ["LintResult", "all_rules", "find_rules", "groups", "lint_canvas"]
