from dataclasses import replace
from typing import Any

from markupsafe import Markup, escape

from forwhom.languages.catalog import tr
from forwhom.languages.codes import is_right_to_left
from forwhom.report.drawing.mirroring import mirrored
from forwhom.report.drawing.palette import accent
from forwhom.report.filling import direction, filled, marked
from forwhom.report.outline.tree import Line, Outline, Section, Table, Theirs
from forwhom.wording import clean


def outline_html(outline: Outline, *styles: str) -> str:
    """Return a whole HTML document with all that an outline says, and its pictures."""
    return filled(
        "outline.html.jinja",
        *styles,
        outline=outline,
        direction=direction(outline.language),
        **outline_values(outline),
    )


def outline_values(outline: Outline) -> dict[str, Any]:
    """Return what the templates of an outline show, its lines as markup."""
    language = outline.written or outline.language
    return {
        "kicker": _marked(Theirs(outline.title), language) if outline.title else "",
        "opening": [
            line for s in outline.sections if s.opens for line in _all(s.sentences, language)
        ],
        "notes": _all(outline.notes, language),
        "sections": [
            _section(s, language, turned=is_right_to_left(outline.language))
            for s in outline.sections
            if s.heading or s.name
        ],
    }


def _section(section: Section, language: str, *, turned: bool) -> Section:
    """Return a section whose lines are markup, in the order of a page."""
    said = () if section.opens else section.sentences
    picture = section.picture
    if picture is not None and turned:
        picture = mirrored(Markup(picture.__html__()))
    return replace(
        section,
        picture=picture,
        heading=_marked(section.heading or section.name, language),
        over=_marked(section.over, language),
        sentences=_all((*said, *section.notes), language),
        paragraphs=tuple(_marked(one, language) for one in section.paragraphs),
        items=_all(section.items, language),
        gaps=_all(section.gaps, language),
        table=None if section.table is None else _table(section.table, language),
    )


def _table(table: Table, language: str) -> Table:
    """Return a table with the number of a row before what it is about, and the rank behind it."""
    first, *others = table.headings
    ranked = (tr("Rank"),) if table.ranks else ()
    rows = []
    for index, (about, *cells) in enumerate(table.rows):
        named = _marked(about, language)
        if table.numbers:
            number = table.numbers[index]
            badge = Markup('<span class="badge a{}">{}</span> ')
            named = badge.format(accent(number), number) + named
        rank = table.ranks[index : index + 1]
        rows.append((named, *rank, *_all(tuple(cells), language)))
    return replace(
        table,
        headings=_all((first, *ranked, *others), language),
        rows=tuple(rows),
    )


def _all(lines: tuple[Line, ...], language: str) -> tuple[Line, ...]:
    return tuple(_marked(line, language) for line in lines)


def _marked(line: Line, language: str) -> Markup:
    """Return a line in which words of somebody else stand apart, with their language."""
    apart = Markup('<bdi lang="{}">{}</bdi>')
    return Markup("").join(
        apart.format(language, clean(words)) if isinstance(words, Theirs) else escape(_ours(words))
        for words in ((line,) if isinstance(line, str) else line)
    )


def _ours(words: str) -> str:
    """Return words of ours, with the names and numbers in them that stand apart marked so."""
    return marked(words) if "\u2068" in words else clean(words)
