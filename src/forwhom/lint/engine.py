from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import date

from forwhom.documents.canvas.file import AnyCanvas, canvas_of
from forwhom.documents.canvas.model import Canvas
from forwhom.documents.canvas.ratings import Rating
from forwhom.documents.mistakes import path_of
from forwhom.documents.phrases import languages
from forwhom.documents.yamlfile import Location
from forwhom.errors import OptionError
from forwhom.languages.catalog import tr_count
from forwhom.lint.comments import Silence, about_whole, silences
from forwhom.lint.configuration import configuration_of
from forwhom.lint.diagnostic import Diagnostic, LintResult
from forwhom.lint.registry import Rule, find_rules
from forwhom.lint.view import View
from forwhom.lint.vocabulary import PACKAGE, words_of
from forwhom.wording import apart, listed


def lint_canvas(
    canvas: AnyCanvas,
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    today: date | None = None,
    ratings: Sequence[Rating] | None = None,
    remarks: Sequence[str] = (),
) -> LintResult:
    """Look for what is weak in a canvas, with the ratings that stand elsewhere, if there are."""
    read = canvas_of(canvas)
    settings = configuration_of(read, select, ignore)
    view = View(
        read, today or date.today(), settings.stale_after_days, words_of(read.language),
        ratings=ratings,
    )  # fmt: skip
    able = [one for one in settings.rules if not one.words or view.vocabulary is not None]
    found = [d for one in able if not one.last for d in _diagnostics(view, one)]
    comments = silences(read)
    above: dict[int | None, list[Silence]] = {}
    for comment in comments:
        above.setdefault(comment.target, []).append(comment)
    whole = about_whole(read, comments)
    kept = [
        d for d in found
        if not _silenced(d, whole if (d.line, d.column) == (1, 1) else above.get(d.line, ()))
    ]  # fmt: skip
    _excuse(comments, able)
    late = dataclasses.replace(view, silences=comments)
    about = [d for one in able if one.last for d in _diagnostics(late, one)]
    return LintResult(
        file=_file(read),
        diagnostics=sorted([*kept, *about], key=_order),
        remarks=[*remarks, *unread_texts(read, settings.rules)],
        silenced=len(found) - len(kept),
        rules=[one.code for one in able],
    )


def _file(canvas: Canvas) -> str:
    return "" if canvas._origin.path is None else str(canvas._origin.path)


def _diagnostics(view: View, one: Rule) -> Iterator[Diagnostic]:
    file = _file(view.canvas)
    for finding in one.check(view):
        line, column = finding.at or _position(view.canvas, finding.location)
        yield Diagnostic(
            code=one.code,
            name=one.name,
            severity=one.severity,
            message=finding.message,
            advice=finding.advice,
            location=finding.location,
            path=path_of(finding.location),
            file=file,
            line=line,
            column=column,
        )


def _position(canvas: Canvas, location: Location) -> tuple[int | None, int | None]:
    place = canvas.place(*location)
    if not place:
        return None, None
    _, line, column = place.rsplit(":", 2)
    return int(line), int(column)


def _order(diagnostic: Diagnostic) -> tuple[int, int, int, str]:
    line, column = diagnostic.line or 0, diagnostic.column or 0
    return line, column, int(diagnostic.code[2:]), diagnostic.path


def _silenced(diagnostic: Diagnostic, comments: Sequence[Silence]) -> bool:
    silenced = False
    for comment in comments:
        for word in comment.rules:
            if diagnostic.code in {one.code for one in _meant(word)}:
                comment.used.add(word)
                silenced = True
    return silenced


def _meant(word: str) -> tuple[Rule, ...]:
    try:
        return find_rules(word)
    except OptionError:
        return ()  # the comment itself becomes a finding


def _excuse(comments: Sequence[Silence], able: Sequence[Rule]) -> None:
    """Let a comment be for a rule that did not run: nobody knows whether it is needed."""
    ran = {one.code for one in able}
    for comment in comments:
        meant = {word: {one.code for one in _meant(word)} for word in comment.rules}
        comment.used.update(word for word, codes in meant.items() if codes and not codes <= ran)


def unread_texts(canvas: Canvas, rules: Sequence[Rule] | None = None) -> list[str]:
    """Return which rules do not run on a canvas, as nobody gave them words of its language."""
    if words_of(canvas.language) is not None:
        return []
    known = configuration_of(canvas, (), ()).rules if rules is None else rules
    skipped = sum(bool(one.words) for one in known)
    if not skipped:
        return []
    return [
        tr_count(
            "{n} rule on texts did not run: forwhom has word lists for {languages}, and this "
            "canvas is in {language}.",
            "{n} rules on texts did not run: forwhom has word lists for {languages}, and this "
            "canvas is in {language}.",
            skipped,
            languages=listed([apart(one) for one in languages(PACKAGE)]),
            language=apart(f"'{canvas.language}'"),
        )
    ]
