"""YAML as people write it: both styles of lists, comments in every place, text of every kind."""

from __future__ import annotations

import itertools
import random
import re

_WORDS = ["plain text", "'it''s'", "عربي نص", "7", "true", "ü-é", "http://x.y/z", "~", "1.5"]
_NOT_IN_BRACKETS = ["a, b", "x [y]", "\"# no\""]  # fmt: skip


class Handwriting:
    """Writes documents of keys ``s0``, ``s1``, …; every comment in them is there once."""

    def __init__(self, seed: int, *, alone: bool = True) -> None:
        self._random = random.Random(seed)
        self._numbers = itertools.count()
        #: Whether a comment may stand alone between blank lines.
        self._alone = alone

    def parts(self) -> list[str]:
        """Return the parts of a document, each of which begins with the comments above its key."""
        end = self._random.choice(["\n", "\n", "\r\n"])
        written = []
        for number in range(self._random.randint(1, 3)):
            lines = self._between(0)
            if self._random.random() < 0.6:
                indent = self._random.choice([0, 2])
                lines += [f"s{number}:{self._tail()}", *self._between(indent)]
                lines += self._items(indent, 1)
            else:
                lines += self._value(0, 0, f"s{number}:")
            written.append("".join(line + end for line in lines))
        return written

    def _comment(self) -> str:
        return f"# c{next(self._numbers)};"

    def _tail(self) -> str:
        return f"  {self._comment()}" if self._random.random() < 0.2 else ""

    def _between(self, indent: int) -> list[str]:
        start = " " * indent
        drawn = self._random.random()
        if drawn < 0.15:
            return [start + self._comment()]
        if drawn < 0.2:
            return ["", start + self._comment()]
        if drawn < 0.25 and self._alone:
            return [start + self._comment(), ""]
        if drawn < 0.3:
            return ["   " if drawn < 0.27 else ""]
        if drawn < 0.33:
            return [f"{start}   {self._comment()}"]
        return [start + self._comment(), start + self._comment()] if drawn < 0.36 else []

    def _short(self, depth: int = 0) -> str:
        """Return a value for brackets."""
        drawn = self._random.random()
        if depth > 1 or drawn < 0.6:
            return self._random.choice(_WORDS)
        inner = [self._short(depth + 1) for _ in range(self._random.randint(0, 3))]
        if drawn < 0.8:
            return f"[{', '.join(inner)}{', ' if inner and drawn < 0.65 else ''}]"
        return "{" + ", ".join(f"k{i}: {value}" for i, value in enumerate(inner)) + "}"

    def _value(self, indent: int, depth: int, head: str) -> list[str]:
        drawn = self._random.random()
        if depth > 3 or drawn < 0.3:
            word = self._random.choice(_WORDS + _NOT_IN_BRACKETS)
            return [f"{head} {word}{self._tail()}"]
        if drawn < 0.4:
            return [f"{head} {self._short()}{self._tail()}"]
        if drawn < 0.45:
            return [head + self._tail()]
        if drawn < 0.52:
            style, start = self._random.choice(["|", "|-", ">"]), " " * (indent + 3)
            return [f"{head} {style}", f"{start}one # no", *[""] * (drawn < 0.48), f"{start}  two"]
        if drawn < 0.57:
            return [f"{head} [{self._tail()}", *self._in_brackets(indent)]
        if drawn < 0.68:
            return [head + self._tail(), *self._keys(indent + 2, depth + 1)]
        inner = indent + (2 if head.endswith("-") else self._random.choice([0, 2, 2, 4]))
        lines = [*self._between(inner), *self._items(inner, depth + 1)]
        return [head + self._tail(), *lines]

    def _in_brackets(self, indent: int) -> list[str]:
        lines, count = [], self._random.randint(1, 4)
        for left in reversed(range(count)):
            if self._random.random() < 0.3:
                lines.append(" " * (indent + 4) + self._comment())
            comma = "," if left or self._random.random() < 0.5 else ""
            lines.append(" " * (indent + 4) + self._short(1) + comma + self._tail())
        return [*lines, f"{' ' * (indent + 2)}]{self._tail()}"]

    def _keys(self, indent: int, depth: int) -> list[str]:
        lines = self._value(indent, depth, f"{' ' * indent}k0:")
        for number in range(1, self._random.randint(1, 3)):
            lines += self._between(indent)
            lines += self._value(indent, depth, f"{' ' * indent}k{number}:")
        return lines

    def _items(self, indent: int, depth: int) -> list[str]:
        lines: list[str] = []
        for number in range(self._random.randint(1, 4)):
            lines += self._between(indent) if number else []
            drawn, dash = self._random.random(), " " * indent + "-"
            if drawn < 0.45 and depth < 4:
                inner = (self._keys if drawn < 0.35 else self._items)(indent + 2, depth + 1)
                lines += [f"{dash} {inner[0].lstrip()}", *inner[1:]]
            else:
                lines += self._value(indent, depth, dash)
        return lines


def comments(text: str) -> list[str]:
    """Return the comments of such a text, in no order."""
    return sorted(re.findall(r"# c\d+;", text))
