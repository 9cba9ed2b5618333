"""Boards as lines of text: Markdown with headings and bullets, and lists in plain text."""

import re
from collections.abc import Iterator, Sequence

from forwhom.documents.canvas.exchange.boards.placing import Board, Sticky
from forwhom.documents.headings import topic_of

_HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*")
_BOLD = re.compile(r"(?:\*\*|__)(.+?)(?:\*\*|__):?")
_BULLET = re.compile(
    r"(?P<indent>\s*)(?:[-*+•·▪◦–—]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(?P<text>\S.*)"
)
_RULE = re.compile(r"\s*(?:[-=*_]\s*){3,}|<!--.*?-->|:?-+:?(?:\s*\|\s*:?-+:?)*")


def board_of_lines(text: str) -> Board:
    """Read headings and what stands below them."""
    title, body = _front_matter(text)
    lines = re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL).splitlines()
    stickies: list[Sticky] = []
    heading, found = "", ""
    for kind, said in _marked(lines):
        if kind == "heading":
            # A heading of no block above all others is the title.
            if not stickies and not heading and not found and topic_of(said) is None:
                found = said
            heading = said
        elif kind == "more" and stickies:
            last = stickies.pop()
            stickies.append(Sticky(f"{last.text}\n{said}", last.heading))
        elif kind == "line" and not stickies and not heading and not found:
            found = said
        else:
            stickies.append(Sticky(said, "" if heading == found else heading))
    return Board(stickies, title or found)


def _front_matter(text: str) -> tuple[str, str]:
    """The title that stands in the front matter of Markdown, and the text below it."""
    match = re.match(r"---\s*\n(.*?)\n---\s*\n", text, re.DOTALL)
    if match is None:
        return "", text
    title = re.search(r"^title:\s*[\"']?(.*?)[\"']?\s*$", match[1], re.MULTILINE)
    return (title[1] if title else ""), text[match.end() :]


def _marked(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each line with what it is: a heading, a sticky note, a line, or more of one above."""
    sections = _are_sections(lines)
    for number, line in enumerate(lines):
        said = line.strip()
        if not said or _RULE.fullmatch(said):
            continue
        marked = _HEADING.fullmatch(said) or _BOLD.fullmatch(said)
        bullet = _BULLET.fullmatch(line.rstrip())
        underlined = number + 1 < len(lines) and re.fullmatch(r"[=-]{3,}\s*", lines[number + 1])
        if marked or underlined:
            yield "heading", (marked[1] if marked else said).strip(" :*_")
        elif bullet:
            text = bullet["text"].strip()
            if topic_of(text) is not None and _has_more_below(lines, number, bullet["indent"]):
                yield "heading", text
            else:
                deep = len(bullet["indent"].expandtabs(4)) >= 2 and _is_below_bullet(lines, number)
                yield ("more" if deep else "sticky"), text
        elif topic_of(said) is not None or (sections and _opens_section(lines, number)):
            yield "heading", said.strip(" :")
        else:
            yield from _inline(said)


def _inline(said: str) -> Iterator[tuple[str, str]]:
    """A heading with its notes behind a colon, or a note."""
    before, colon, after = said.partition(":")
    if colon and after.strip() and topic_of(before) is not None:
        yield "heading", before.strip()
        for one in re.split(r"\s*;\s*", after.strip()):
            yield "sticky", one
    else:
        yield "line", said


def _has_more_below(lines: Sequence[str], number: int, indent: str) -> bool:
    """Whether a bullet has bullets of its own, as the headings of an outline do."""
    below = next((one for one in lines[number + 1 :] if one.strip()), "")
    deeper = _BULLET.fullmatch(below.rstrip())
    return deeper is not None and len(deeper["indent"].expandtabs(4)) > len(indent.expandtabs(4))


def _is_below_bullet(lines: Sequence[str], number: int) -> bool:
    """Whether the bullet above is a note that this one belongs to, and not a heading."""
    indent = len(lines[number]) - len(lines[number].lstrip())
    for line in reversed(lines[:number]):
        above = _BULLET.fullmatch(line.rstrip())
        if above is None:
            return False
        if len(above["indent"]) < indent:
            return topic_of(above["text"].strip()) is None
    return False


def _opens_section(lines: Sequence[str], number: int) -> bool:
    """Whether a line begins a paragraph that has more lines."""
    above = lines[number - 1].strip() if number else ""
    below = lines[number + 1].strip() if number + 1 < len(lines) else ""
    return not above and bool(below)


def _are_sections(lines: Sequence[str]) -> bool:
    """Whether paragraphs begin with their heading: two of them do."""
    opening = (n for n in range(len(lines)) if lines[n].strip() and _opens_section(lines, n))
    return sum(topic_of(lines[n].strip()) is not None for n in opening) > 1
