"""An outline as plain text, for a terminal: the answer, and a line for each row."""

from collections.abc import Iterable, Iterator

from forwhom.languages.catalog import later, tr
from forwhom.report.outline.tree import Line, Outline, Section, plain
from forwhom.wording import folded

#: Above what a reader must know before believing an answer.
WEAKENS = later("What weakens this answer")


def outline_text(outline: Outline, width: int) -> str:
    """Return lines of at most ``width`` columns (40 where it is less), without markup or colors."""
    width = max(width, 40)
    lines = [line for section in outline.sections for line in _section(section, width)]
    lines += bulleted(tr(WEAKENS), outline.notes, width)
    return "\n".join(lines).strip("\n") + "\n"


def _section(section: Section, width: int) -> Iterator[str]:
    rows = section.table.briefly if section.table else ()
    if not section.sentences and not rows:
        return
    yield ""
    indent, wide = ("  ", 4) if section.name else ("", 3)
    if section.name:
        yield from _wrapped(section.name, width)
    for sentence in section.sentences:
        yield from _wrapped(sentence, width, indent, indent)
    if section.statement:
        said = "".join(text for text, _ in section.statement)
        yield from _wrapped(tr("Positioning: {statement}", statement=said), width, indent, indent)
    ranks = section.table.ranks if section.table else ()
    for rank, row in zip(ranks, rows, strict=False):
        yield from _wrapped(row, width, f"{rank:>{wide}}  ", " " * (wide + 2))
    yield from bulleted(tr(WEAKENS), section.notes, width)


def bulleted(title: str, lines: Iterable[Line], width: int) -> Iterator[str]:
    """Yield lines as a list under a title; nothing where there are none."""
    for index, line in enumerate(lines):
        if not index:
            yield from ("", f"{title}:")
        yield from _wrapped(line, width, "  - ", "    ")


def _wrapped(text: Line, width: int, first: str = "", rest: str = "") -> list[str]:
    return folded(plain(text), width, first, rest)
