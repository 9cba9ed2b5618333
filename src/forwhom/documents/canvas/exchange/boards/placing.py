"""Sticky notes under headings, and the canvas that they make; what has no place is kept."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forwhom.documents.canvas.exchange.carrying import Imported
from forwhom.documents.canvas.file import canvas_text, parse_canvas
from forwhom.documents.canvas.frameworks import Framework, framework_names, read_framework
from forwhom.documents.headings import topic_of
from forwhom.documents.ids import slug, unused
from forwhom.documents.yamlwriting import dump_yaml
from forwhom.errors import DocumentError
from forwhom.wording import count, listed

#: Topics whose sticky notes are more than notes: the list, what one is called, its text, the rest.
_ITEMS = {
    "customer_segments": ("segments", "segment", "name", "description"),
    "value_propositions": ("propositions", "proposition", "name", "description"),
}
#: Frameworks are tried in this order; the first of those that show most headings is taken.
_FIRST = ("business-model-canvas", "lean-canvas")


@dataclass(frozen=True)
class Sticky:
    """What one sticky note says, and the heading under which it stands; empty for none."""

    text: str
    heading: str = ""


@dataclass(frozen=True)
class Board:
    """What was found in a file of another tool."""

    stickies: Sequence[Sticky]
    title: str = ""
    lost: Sequence[str] = ()  # what the file says besides


def canvas_of_board(board: Board, path: str | Path) -> Imported:
    """Make a canvas of a board; what no block takes stands at its end as comments."""
    topics = [topic_of(sticky.heading) for sticky in board.stickies]
    if not any(topics):
        said = [board.title, *(s.heading or s.text for s in board.stickies)]
        found = list(dict.fromkeys(one for one in said if one))
        shown = listed([repr(one[:40]) for one in found], most=5)
        raise DocumentError(
            f"{path}:1:1: no block of a canvas was found" + (f" among {shown}." if found else "."),
            "Expected headings such as 'Channels' or 'Key Partners', each with its notes below; or "
            "a table with the columns kind, text and block.",
        )
    framework = _framework([topic for topic in topics if topic is not None])
    data: dict[str, Any] = {"forwhom": 1, "kind": "canvas"}
    if board.title:
        data["title"] = board.title
    if framework.id != _FIRST[0]:
        data["framework"] = framework.id
    taken: set[str] = set()
    changed: Counter[tuple[str, str]] = Counter()
    for sticky, topic in zip(board.stickies, topics, strict=True):
        if topic is not None:
            _place(data, sticky, topic, taken)
            changed[sticky.heading, topic] += 1
    apart = [s for s, topic in zip(board.stickies, topics, strict=True) if topic is None]
    text = canvas_text(parse_canvas(dump_yaml(data), path)) + _as_comments(apart)
    return Imported(
        canvas=parse_canvas(text, path),
        text=text,
        lost=[*(_told(one) for one in apart), *board.lost],
        changed=[_read_as(heading, topic, n) for (heading, topic), n in changed.items()],
    )


def _framework(topics: Sequence[str]) -> Framework:
    """The framework in which most of the headings have a block, and the fewest stay empty."""
    known = [read_framework(name) for name in dict.fromkeys([*_FIRST, *framework_names()])]

    def fits(framework: Framework) -> tuple[int, int, int]:
        own = {block.topics[0] for block in framework.blocks}
        kept = sum(framework.block_of(topic) is not None for topic in topics)
        return kept, len(own & set(topics)), -len(framework.blocks)

    return max(known, key=fits)


def _place(data: dict[str, Any], sticky: Sticky, topic: str, taken: set[str]) -> None:
    first, _, rest = sticky.text.strip().partition("\n")
    more = rest.strip()
    if topic in _ITEMS:
        key, kind, name, detail = _ITEMS[topic]
        identity = unused(slug(first) or kind, taken)
        taken.add(identity)
        item = {"id": identity, name: first} | ({detail: more} if more else {})
        data.setdefault(key, []).append(item)
        return
    note = {"text": first} | ({"detail": more} if more else {})
    data.setdefault("blocks", {}).setdefault(topic, []).append(note)


def _read_as(heading: str, topic: str, n: int) -> str:
    kind = _ITEMS[topic][1] if topic in _ITEMS else "note"
    return f"{heading[:60]!r} is the block {topic!r}: {count(n, kind)}"


def _told(sticky: Sticky) -> str:
    under = f" (under {sticky.heading[:40]!r})" if sticky.heading else ""
    text = " ".join(sticky.text.split())
    return f"{text[:60]!r}{under} has no block; it is kept as a comment at the end"


def _as_comments(apart: Sequence[Sticky]) -> str:
    if not apart:
        return ""
    lines = ["", "# Not placed: move each below a block, or delete it."]
    for sticky in apart:
        first, *more = sticky.text.strip().splitlines() or [""]
        under = f"  (under {' '.join(sticky.heading.split())!r})" if sticky.heading else ""
        lines += [f"# - {first}{under}", *(f"#   {line}" for line in more)]
    return "\n".join(lines) + "\n"
