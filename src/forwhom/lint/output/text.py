"""Findings as lines that people read, and editors jump to."""

from collections.abc import Sequence

from forwhom.lint.diagnostic import Diagnostic, LintResult
from forwhom.lint.registry import Rule, find_rules
from forwhom.wording import count


def text(results: Sequence[LintResult]) -> str:
    """Return the findings, one paragraph each, and how many there are."""
    lines = [line for result in results for d in result.diagnostics for line in _paragraph(d)]
    lines += [f"{result.file or 'canvas'}: {said}" for result in results for said in result.remarks]
    return "\n".join([*lines, _total(results)])


def _paragraph(diagnostic: Diagnostic) -> tuple[str, str]:
    place = diagnostic.file or "canvas"
    if diagnostic.line is not None:
        place += f":{diagnostic.line}:{diagnostic.column}"
    elif diagnostic.path:
        place += f": {diagnostic.path}"
    rule = f"{diagnostic.code} {diagnostic.name}"
    return (
        f"{place}: {diagnostic.severity}: {diagnostic.message} [{rule}]",
        f"    {diagnostic.advice}",
    )


def _total(results: Sequence[LintResult]) -> str:
    found = [d.severity for result in results for d in result.diagnostics]
    canvases = count(len(results), "canvas", "canvases")
    silenced = sum(result.silenced for result in results)
    aside = f"; {count(silenced, 'finding')} silenced by comments" if silenced else ""
    if not found:
        return f"Nothing found in {canvases}{aside}."
    kinds = [
        count(found.count(kind), kind) for kind in ("error", "warning", "note") if kind in found
    ]
    return f"{count(len(found), 'finding')} in {canvases}: {', '.join(kinds)}{aside}."


def explanation(word: str) -> str:
    """Return the documentation of the rules that a code, a name or a group stands for."""
    found = find_rules(word)
    titles = [f"{one.code} {one.name} ({one.group}, {one.severity})" for one in found]
    return "\n\n\n".join(
        f"{title}\n\n{one.documentation}" for title, one in zip(titles, found, strict=True)
    )


def rule_list(found: Sequence[Rule]) -> str:
    """Return one line for each rule."""
    return "\n".join(
        f"{one.code:8}{one.group:14}{one.severity:9}{one.name:32}{one.summary}" for one in found
    )
