"""The board and its sections as Markdown, for wikis and for reading in a diff."""

from collections.abc import Iterator

from forwhom.languages.catalog import tr
from forwhom.report.canvas.board import Board, Panel
from forwhom.report.canvas.cards import SUSPECT, Card
from forwhom.report.canvas.entries import NO_EVIDENCE, Entry, Said, Section, Support
from forwhom.report.canvas.picture import ELSEWHERE, WHY_ELSEWHERE
from forwhom.report.outline.markdown import escaped
from forwhom.wording import clean


def board_markdown(board: Board, sections: tuple[Section, ...]) -> str:
    """Return a board and the sections below it as one text."""
    names = {m.number: m.name for m in board.members}
    return "\n".join([*_board(board, names), *_sections(sections, names), *_foot(board)]) + "\n"


def _board(board: Board, names: dict[int, str]) -> Iterator[str]:
    yield f"# {escaped(board.title)}"
    for text in (board.summary, " · ".join(board.facts)):
        if clean(text).strip():
            yield from ("", escaped(text))
    if board.members:
        yield ""
    for member in board.members:
        yield f"{member.number}. {escaped(member.name)} ({escaped(member.status)})"
    for panel in board.panels:
        yield from _panel(panel, names, "##")
    if board.elsewhere:
        yield from ("", f"## {tr(ELSEWHERE)}", "", tr(WHY_ELSEWHERE))
    for panel in board.elsewhere:
        yield from _panel(panel, names, "###")


def _panel(panel: Panel, names: dict[int, str], level: str) -> Iterator[str]:
    yield from ("", f"{level} {escaped(panel.name)}", "")
    for card in panel.cards:
        yield from _card(card, names)
    if not panel.cards:
        yield from (f"*{escaped(question)}*  " for question in panel.questions)


def _card(card: Card, names: dict[int, str]) -> Iterator[str]:
    first, *rest = card.parts or (("plain", ""),)
    text = escaped(first[1])
    marks = "" if card.number else _marks(card.marks, names)
    yield f"- {f'**{text}**' if first[0] == 'strong' and text else text}{marks}"
    for look, part in rest:
        yield f"  - {f'**{escaped(part)}**' if look == 'doubt' else escaped(part)}"


def _marks(marks: tuple[int, ...], names: dict[int, str]) -> str:
    return f" ({', '.join(f'{m} {escaped(names[m])}' for m in marks)})" if marks else ""


def _sections(sections: tuple[Section, ...], names: dict[int, str]) -> Iterator[str]:
    for section in sections:
        yield from ("", f"## {escaped(section.title)}")
        if section.intro:
            yield from ("", escaped(section.intro))
        for entry in section.entries:
            yield from _entry(entry, names)


def _entry(entry: Entry, names: dict[int, str]) -> Iterator[str]:
    number = f"{entry.number} " if entry.number else ""
    unnamed = tr("(no words)")
    yield from ("", f"### {number}{escaped(entry.title) or unnamed}", "")
    if entry.subtitle:
        yield f"- **{escaped(entry.subtitle)}**"
    if entry.marks and not entry.number:
        whom = ", ".join(f"{m} {escaped(names[m])}" for m in entry.marks)
        yield "- " + tr("For {names}", names=whom)
    yield from (f"- {escaped(text)}" for text in entry.texts)
    yield from (f"- {escaped(label)}: {escaped(value)}" for label, value in entry.facts)
    for label, items in entry.lists:
        indent = "  " if label else ""
        if label:
            yield f"- {escaped(label)}:"
        yield from (f"{indent}- {escaped(item)}" for item in items)
    for label, claims in entry.grouped:
        yield f"- {escaped(label)}:"
        for claim in claims:
            yield from _said(claim, escaped(claim.text), "  ")
    for claim in entry.claims:
        yield from _said(claim, tr("Claim: {text}", text=escaped(claim.text)), "")
    yield from ("- " + tr("Evidence: {text}", text=_support(s)) for s in entry.supports)
    still = tr("Open:")
    yield from (f"- **{still}** {escaped(question)}" for question in entry.open_questions)


def _said(claim: Said, text: str, indent: str) -> Iterator[str]:
    yield f"{indent}- {text}"
    yield from (f"{indent}  - {_support(s)}" for s in claim.supports)
    if not claim.supports:
        yield f"{indent}  - {tr(NO_EVIDENCE)}"


def _support(support: Support) -> str:
    numbers = f" ({escaped(support.numbers)})" if support.numbers else ""
    doubt = f" **{tr(SUSPECT)}.**" if support.changed else ""
    return f"{escaped(support.statement)}{numbers}{doubt}"


def _foot(board: Board) -> Iterator[str]:
    if board.framework.credited:
        yield from ("", "---", "", escaped(board.framework.credited))
