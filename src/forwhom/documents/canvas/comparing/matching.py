"""Which item of one list is which of another: by id, then by what it says, then by likeness."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from forwhom.documents.canvas.model import Canvas
from forwhom.documents.canvas.references import items

T = TypeVar("T")
#: Two texts that share less of their pieces of three letters are two texts, and none reworded.
ALIKE = 0.5
#: As many items of a list are tried with each other for likeness; beyond, only the same is found.
_MOST_TRIED = 600


@dataclass(frozen=True)
class Entry(Generic[T]):
    """An item of a list: where it stands, its id, and what it says."""

    group: str  # the list, where an item may move from one list to another
    index: int
    value: T
    id: str | None = None  # as the canvas before or after would call it
    key: Hashable = None  # what it is about: items with the same key are the same item
    prose: str = ""  # a text that may be reworded; empty where nothing but the same will do


@dataclass(frozen=True)
class Matched(Generic[T]):
    """What became of the items of a list."""

    pairs: list[tuple[Entry[T], Entry[T]]] = field(default_factory=list)
    added: list[Entry[T]] = field(default_factory=list)
    removed: list[Entry[T]] = field(default_factory=list)


def renamed_ids(before: Canvas, after: Canvas) -> dict[str, str]:
    """Return ids that are gone with the new id of the only item that is of that kind and text."""
    old, new = ({item.id: (item.kind, item.text) for item in items(c)} for c in (before, after))
    gone, come = (
        _only({i: said for i, said in here.items() if i not in there})
        for here, there in ((old, new), (new, old))
    )
    return {gone[said]: come[said] for said in gone if said in come}


def _only(said: Mapping[str, Hashable]) -> dict[Hashable, str]:
    counts = Counter(said.values())
    return {one: name for name, one in said.items() if counts[one] == 1}


def matched(before: Sequence[Entry[T]], after: Sequence[Entry[T]]) -> Matched[T]:
    """Return which entries are the same; what is asked first decides.

    The answer is the same whichever of the two is called before.
    """
    match = Matched[T](removed=list(before), added=list(after))
    _same(match, lambda e: e.id)
    if any(e.key is not None for e in (*match.removed, *match.added)):
        _same(match, lambda e: (e.group, e.key, e.value))
        _same(match, lambda e: (e.group, e.key))
        _same(match, lambda e: (e.key, e.value))
        _same(match, lambda e: (e.key,))
        _alike(match)
    match.pairs.sort(key=lambda pair: (pair[1].group, pair[1].index))
    return match


def _same(match: Matched[Any], of: Callable[[Entry[Any]], Any]) -> None:
    """Pair what is left by something that both have: the first with the first, and so on."""
    waiting: dict[Any, list[Entry[Any]]] = defaultdict(list)
    for entry in match.removed:
        waiting[_hashable(of(entry))].append(entry)
    pairs = []
    for entry in match.added:
        said = _hashable(of(entry))
        if said is not None and waiting.get(said):
            pairs.append((waiting[said].pop(0), entry))
    _take(match, pairs)


def _hashable(said: Any) -> Any:
    """Return something that finds an equal value in a table."""
    if said is None or isinstance(said, str):
        return said
    return tuple(one if isinstance(one, str) else repr(one) for one in said)


def _alike(match: Matched[Any]) -> None:
    """Pair texts that were reworded: the most alike first, then those that stand closest."""
    before = [e for e in match.removed if e.prose][:_MOST_TRIED]
    after = [e for e in match.added if e.prose][:_MOST_TRIED]
    pieces = {e.prose: _pieces(e.prose) for e in (*before, *after)}
    found = []
    for i, old in enumerate(before):
        for j, new in enumerate(after):
            if old.id is not None and new.id is not None:
                continue  # two items, whatever they say
            like = likeness(pieces[old.prose], pieces[new.prose])
            if like >= ALIKE:
                # Two pairs with the same of all these have no item in common.
                found.append((-like, old.group != new.group, abs(i - j), i + j, old, new))
    taken: set[int] = set()
    pairs = []
    for *_, old, new in sorted(found, key=lambda one: one[:4]):
        if id(old) not in taken and id(new) not in taken:
            taken |= {id(old), id(new)}
            pairs.append((old, new))
    _take(match, pairs)


def _take(match: Matched[Any], pairs: Iterable[tuple[Entry[Any], Entry[Any]]]) -> None:
    match.pairs.extend(pairs)
    taken = {id(entry) for pair in match.pairs for entry in pair}
    for left in (match.removed, match.added):
        left[:] = [entry for entry in left if id(entry) not in taken]


def _pieces(text: str) -> frozenset[str]:
    """Return the pieces of three letters of the words of a text, with where words begin and end."""
    words = ("".join(c if c.isalnum() else " " for c in text.casefold())).split()
    padded = (f"  {word} " for word in words or [text])
    return frozenset(word[i : i + 3] for word in padded for i in range(len(word) - 2))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return which share of their pieces two texts have in common, 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other))


def out_of_order(order: Sequence[int]) -> Iterator[int]:
    """Yield the places of those that would have to move to bring numbers into order: the fewest."""
    tails: list[int] = []
    ends: list[int] = []
    came_from: list[int] = []
    for at, number in enumerate(order):
        place = bisect_left(tails, number)
        tails[place : place + 1] = [number]
        ends[place : place + 1] = [at]
        came_from.append(ends[place - 1] if place else -1)
    kept: set[int] = set()
    at = ends[-1] if ends else -1
    while at >= 0:
        kept.add(at)
        at = came_from[at]
    yield from (at for at in range(len(order)) if at not in kept)
