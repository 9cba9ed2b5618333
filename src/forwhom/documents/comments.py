"""Comments of ours in a YAML text: above the line that they speak of, and out again."""

from __future__ import annotations

import unicodedata

from forwhom.documents.yamlfile import Location, YamlText


def with_comment(source: YamlText, location: Location, words: str) -> str:
    """Return a text with a comment above the line in which a value begins."""
    lines = source.text.split("\n")
    at = _line(source, location)
    below = lines[at] if at < len(lines) else ""
    indent = below[: len(below) - len(below.lstrip(" "))]
    end = "\r" if "\r\n" in source.text else ""
    return "\n".join([*lines[:at], f"{indent}# {said(words)}{end}", *lines[at:]])


def without_comment(source: YamlText, location: Location, words: str) -> str:
    """Return a text without such a comment; the same text where there is none."""
    lines = source.text.split("\n")
    at = _line(source, location)
    while at and lines[at - 1].lstrip().startswith("#"):
        at -= 1
        if lines[at].strip() == f"# {said(words)}":
            return "\n".join([*lines[:at], *lines[at + 1 :]])
    return source.text


def said(words: str) -> str:
    """Return words as one line that a comment can hold."""
    kept = (" " if unicodedata.category(sign) in ("Cc", "Cs") else sign for sign in words)
    return " ".join("".join(kept).split())


def first_line(source: YamlText) -> int:
    """Return the line, from 0, in which the content of a text begins."""
    return 0 if source.root is None else int(source.root.start_mark.line)


def _line(source: YamlText, location: Location) -> int:
    """Return the line of a value, from 0; what is not there stands where the content begins."""
    _, line, column = source.place(location).rsplit(":", 2)
    return first_line(source) if (line, column) == ("1", "1") else int(line) - 1
