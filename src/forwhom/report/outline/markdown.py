"""An outline as Markdown, for wikis and for reading in a diff."""

import re
from collections.abc import Iterable, Iterator

from forwhom.languages.catalog import tr
from forwhom.report.outline.text import WEAKENS
from forwhom.report.outline.tree import Line, Outline, Section, Table, plain
from forwhom.wording import clean

_MARKUP = re.compile(r"([\\`*_\[\]<>&|~$#])")
_START = re.compile(r"^([-+=])|^(\d+)([.)])")


def escaped(text: Line) -> str:
    """Return text so that Markdown shows it as it is, on one line."""
    made = escaped_inside(text)
    return _START.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", made)


def escaped_inside(text: Line) -> str:
    """Return text so that Markdown shows it as it is inside a line, such as in a table."""
    return _MARKUP.sub(r"\\\1", " ".join(clean(plain(text)).split()))


def outline_markdown(outline: Outline) -> str:
    """Return all that an outline says; text that somebody wrote is escaped."""
    title = f"{outline.title}: " if outline.title.strip() else ""
    lines = [f"# {escaped(title + outline.headline)}"]
    lines += _list(
        line for section in outline.sections if section.opens for line in section.sentences
    )
    for section in outline.sections:
        lines += _section(section)
    if outline.notes:
        lines += ["", f"## {tr(WEAKENS)}", *_list(outline.notes)]
    return "\n".join(lines) + "\n"


def _section(section: Section) -> Iterator[str]:
    if section.name:
        yield from ("", f"## {escaped(section.name)}")
    said = () if section.opens else section.sentences
    yield from _list([*said, *section.notes, *section.items])
    if section.statement:
        statement = "".join(text for text, _ in section.statement)
        yield from ("", tr("Positioning: {statement}", statement=escaped(statement)))
    yield from _list(section.gaps)
    for paragraph in section.paragraphs:
        yield from ("", escaped(paragraph))
    if section.table is not None and section.table.rows:
        yield from _table(section.table)


def _list(texts: Iterable[Line]) -> Iterator[str]:
    for index, text in enumerate(texts):
        if not index:
            yield ""
        yield f"- {escaped(text)}"


def _table(table: Table) -> Iterator[str]:
    """Yield a table, the rank and the number of a row before what it is about."""
    headings, rows = table.counted()
    yield from ("", f"| {' | '.join(escaped_inside(heading) for heading in headings)} |")
    yield f"|{'---|' * len(headings)}"
    for row in rows:
        yield f"| {' | '.join(escaped_inside(cell) for cell in row)} |"
    if table.caption:
        yield from ("", escaped(table.caption))
