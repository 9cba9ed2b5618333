"""Edits of YAML text: every character that no edit is about stays where it is.

Writing a parsed document back would keep comments, but not the alignment of columns, quotes and
line breaks that a person chose. Here edits are collected, and then only the text that they touch
is replaced; the text is parsed once before, and once after. Where an edit speaks of what another
one has moved, what came before is written first, and parsed once more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from forwhom.documents.comments import with_comment, without_comment
from forwhom.documents.listitems import filled, items_of
from forwhom.documents.mistakes import path_of
from forwhom.documents.splices import Reached, Splice, Text, Touched
from forwhom.documents.yamlfile import Location, YamlText, parse_yaml
from forwhom.errors import DocumentError, OptionError, OutputError


class Edits:
    """Changes of a YAML text whose top is a mapping, in order; they are written together.

    A location speaks of the values as the edits before it left them.
    """

    def __init__(self, source: YamlText) -> None:
        self._source = source
        self._touched: Touched = {}
        #: Items of lists that come, go and move, and the lists that they change.
        self._splices: list[Splice] = []
        self._shifted: list[Location] = []
        self._ends_with_line = source.text.endswith("\n")
        #: The plain values, as the edits so far want them.
        self.data: Any = _plain(source.data)

    def set(self, location: Location, value: object | None) -> None:
        """Set the value at a key path, adding keys that are not there; None takes the key away."""
        self._make_room(location)
        *way, last = location
        holder = self._holder(way, add=value is not None)
        if value is not None:
            holder[last] = _plain(value)
        elif isinstance(holder, dict) and last in holder:  # a list keeps its items
            del holder[last]
        else:
            return
        self._touch(location)

    def append(self, location: Location, value: object) -> None:
        """Add an item at the end of the list at a key path; it is made where there is none."""
        self._make_room(location)
        *way, last = location
        holder = self._holder(way, add=True)
        if not isinstance(_inside(holder, last), list):
            holder[last] = []
        holder[last].append(_plain(value))
        self._touch((*location, len(holder[last]) - 1))

    def insert(self, location: Location, index: int, value: object) -> None:
        """Add an item to the list at a key path, before another one or at the end."""
        items = self._list(location, index)
        if not items:
            self.append(location, value)
            return
        self._shift(location)
        plain = _plain(value)
        held = self._reached(location)
        if held is None:
            self._touch(location)
        else:
            written = items_of(self._text, held)
            self._splices += written.inserted(index, written.made(plain))
            self._shifted.append(location)
        items.insert(index, plain)

    def remove(self, location: Location) -> None:
        """Take an item out of its list, with its comments, or a key out of its mapping."""
        *way, last = location
        if not isinstance(last, int):
            self.set(location, None)
            return
        self.remove_several(tuple(way), [last])

    def remove_several(self, location: Location, indexes: Collection[int]) -> None:
        """Take items out of the list at a key path, with their comments."""
        items = [self._list(location, index, last=False) for index in indexes][-1]
        self._shift(location)
        held = self._reached(location)
        if held is None:
            self._touch(location)
        else:
            written = items_of(self._text, held)
            if len(indexes) > 1 and not written.on_own_lines:
                for index in sorted(indexes, reverse=True):
                    self.remove_several(location, [index])
                return
            self._splices += written.removed(*indexes)
            self._shifted.append(location)
        for index in sorted(indexes, reverse=True):
            del items[index]

    def move(self, source: Location, target: Location, index: int) -> None:
        """Move an item, with its comments, to where it has an index in its list or another one.

        Both places speak of the values as they are before the item moves; a list that is not there
        is made. The index is where the item stands afterwards.
        """
        origin, at = source[:-1], source[-1]
        if not isinstance(at, int) or target[: len(source)] == source:
            problem = f"{path_of(source)!r} cannot be moved to {path_of(target)!r}."
            raise OptionError(problem, "Name an item of a list, and a list outside of it.")
        items, same = self._list(origin, at, last=False), origin == target
        into = self._list(target, index, last=not same)
        if (same and at == index) or not items:
            return
        if _found(self.data, target) is None:
            self.set(target, [])
            into = self._list(target, index)
        self._shift(origin)
        self._shift(target)
        found, goal = self._reached(origin), self._reached(target)
        if found is None or goal is None:
            value = items[at]
            self.remove(source)
            self.insert(_after_removal(target, source), index, value)
            return
        text = self._text
        taken = items_of(text, found)
        item = taken.own(at, items[at])
        self._splices += taken.removed(at)
        if into:
            before = index + 1 if same and index > at else index
            self._splices += items_of(text, goal).inserted(before, item)
        else:
            self._splices += filled(text, goal, item)
        self._shifted += [origin, target]
        into.insert(index, items.pop(at))

    def comment(self, location: Location, words: str) -> None:
        """Say something in a comment above the line in which a value begins."""
        self._rewrite(with_comment(self.written(), location, words))

    def uncomment(self, location: Location, words: str) -> None:
        """Take a comment of `comment` out, where it still stands."""
        self._rewrite(without_comment(self.written(), location, words))

    def written(self) -> YamlText:
        """Return the text with every edit, once it is checked to say what was meant and no more."""
        if self._touched or self._splices:
            self._source = self._rewritten()
            self._touched, self._splices, self._shifted = {}, [], []
        return self._source

    def _rewritten(self) -> YamlText:
        text, at, parts = self._source.text, 0, []
        splices = [*self._splices]
        if self._touched:
            splices += self._text.mapping(self._source.root, self.data, self._touched)
        # Stable: of what is added at one place, the innermost comes first.
        for start, end, new in sorted(splices, key=lambda splice: splice[:2]):
            parts += [text[at:start], new]
            at = max(at, end)
        new, name = "".join([*parts, text[at:]]), self._source.name
        if not self._ends_with_line and new.endswith("\n"):
            shorter = self._checked(new.removesuffix(self._text.line_break), name)
            if isinstance(shorter, YamlText):
                return shorter
        return self._sound(new)

    def _rewrite(self, text: str) -> None:
        if text != self._source.text:
            self._source = self._sound(text)

    def _sound(self, text: str) -> YamlText:
        done = self._checked(text, self._source.name)
        if isinstance(done, OutputError):
            raise done
        return done

    def _checked(self, text: str, name: str) -> YamlText | OutputError:
        """Return a text that says what the edits want, or what is wrong with it."""
        advice = (
            "An alias (*name) repeats what changes: write it out where it is repeated. "
            "Or a text keeps the blank lines after it: write '|' for '|+'."
        )
        try:
            done = parse_yaml(text, name)
        except DocumentError as error:
            return OutputError(
                f"{name}: this cannot be done without touching something else: {error.problem}",
                advice,
            )
        if _is_same(done.data, self.data):
            return done
        found, wanted = dict(_leaves(done.data)), dict(_leaves(self.data))
        place = next(p for p in [*wanted, *found] if found.get(p) != wanted.get(p))
        return OutputError(
            f"{name}: this cannot be done without touching something else: "
            f"{path_of(place)!r} would not be what it should be.",
            advice,
        )

    @property
    def _text(self) -> Text:
        return Text(self._source.text)

    def _reached(self, location: Location) -> Reached | None:
        return self._text.reached(self._source.root, location)

    def _list(self, location: Location, index: int, *, last: bool = True) -> list[Any]:
        """Return the list at a key path, which must have a place or an item at an index."""
        found = _found(self.data, location)
        items = found if isinstance(found, list) else []
        if not isinstance(found, list | None) or not 0 <= index < len(items) + last:
            there = "no list" if not isinstance(found, list) else f"a list of {len(items)} items"
            raise OptionError(
                f"{self._source.name}: {path_of(location)!r} is {there}: it has no place {index}.",
                "Count from 0, as the edits before have left it.",
            )
        return items

    def _make_room(self, location: Location) -> None:
        """Write the edits before, where one of them has shifted what a location speaks of."""
        if any(_is_related(location, other) for other in self._shifted):
            self.written()

    def _shift(self, location: Location) -> None:
        """Write the edits before, where one of them speaks of what stands in a list."""
        self._make_room(location)
        inside: Touched | None = self._touched
        for step in location:
            inside = inside.get(step, {}) if inside is not None else None
        if inside is None or inside:
            self.written()

    def _holder(self, way: list[str | int], *, add: bool) -> Any:
        holder: Any = self.data
        for step in way:
            below = _inside(holder, step)
            if not isinstance(below, dict | list):
                if not add:
                    return None
                below = holder[step] = {}
            holder = below
        return holder

    def _touch(self, location: Location) -> None:
        touched = self._touched
        for step in location[:-1]:
            inside = touched.setdefault(step, {})
            if inside is None:
                return
            touched = inside
        touched[location[-1]] = None


def _found(data: Any, location: Location) -> Any:
    """Return the value at a key path; None where a key is not there, False where none can be."""
    for step in location:
        if isinstance(data, list):
            data = data[step] if isinstance(step, int) and 0 <= step < len(data) else False
        elif isinstance(data, dict):
            data = data.get(step)
        elif data is not None or isinstance(step, int):
            return False
    return data


def _inside(holder: Any, step: Any) -> Any:
    return holder[step] if isinstance(holder, list) else holder.get(step)


def _is_related(one: Location, other: Location) -> bool:
    """Whether two places are the same, or one holds the other."""
    return all(a == b for a, b in zip(one, other, strict=False))


def _after_removal(location: Location, gone: Location) -> Location:
    """Return what a key path is called once an item is gone."""
    *way, at = gone
    if len(location) > len(way) and list(location[: len(way)]) == way:
        step = location[len(way)]
        if isinstance(step, int) and isinstance(at, int) and step > at:
            return (*way, step - 1, *location[len(gone) :])
    return location


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _is_same(one: Any, other: Any) -> bool:
    """Whether values are the same, and of the same kind: 1 is not true, and NaN is NaN."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_is_same(v, other[k]) for k, v in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_is_same, one, other))
    return bool(one == other) or repr(one) == repr(other)


def _leaves(value: Any, location: Location = ()) -> Iterator[tuple[Location, str]]:
    """Yield every single value with its place, as text that tells 1 from true and NaN from text."""
    if isinstance(value, dict | list) and value:
        for step, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(one, (*location, step))
    else:
        yield location, repr(value)
