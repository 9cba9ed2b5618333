"""Plain values as YAML that a person likes to read: short things on one line."""

import math
import re
from typing import Any

_WIDTH = 100

# Text (or a path) that starts with a letter and has no sign that means something in YAML.
_PLAIN = re.compile(r"(?:\.{0,2}/)*[^\W\d][\w /.()&+-]*")
# Words that some reader of YAML (1.1 or 1.2) takes for something other than text.
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def scalar(value: str | bool | int | float | None) -> str:
    """Return one value as YAML, in quotes where a plain word would mean something else."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    if isinstance(value, int | float):
        return repr(value)
    plain = _PLAIN.fullmatch(value) and value == value.strip() and value.lower() not in _WORDS
    return value if plain else '"' + "".join(_escaped(char) for char in value) + '"'


def key(name: str) -> str:
    """Return a key as YAML; ``on`` stays plain: a study is full of it, and YAML 1.2 is sure."""
    return name if name == "on" else scalar(name)


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def flow(value: Any) -> str:
    """Return a value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key(k)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(v) for v in value) + "]"
    return scalar(value)


def dump_yaml(data: dict[str, Any]) -> str:
    """Return keys and values as YAML text."""
    return "\n".join(mapping_lines(data, 0)) + "\n"


def mapping_lines(data: dict[str, Any], indent: int) -> list[str]:
    """Return keys and values as lines, indented by some spaces."""
    lines: list[str] = []
    for name, value in data.items():
        start = " " * indent + f"{key(name)}:"
        if _short(value, len(start)):
            lines.append(f"{start} {flow(value)}")
        elif isinstance(value, dict):
            lines += [start, *mapping_lines(value, indent + 2)]
        else:
            lines += [start, *sequence_lines(value, indent + 2)]
    return lines


def sequence_lines(data: list[Any], indent: int) -> list[str]:
    """Return items as lines, each after a dash that is indented by some spaces."""
    lines: list[str] = []
    for value in data:
        if _short(value, indent + 2) or not isinstance(value, dict):
            lines.append(" " * indent + f"- {flow(value)}")
        else:
            inner = mapping_lines(value, indent + 2)
            lines += [" " * indent + "- " + inner[0].lstrip(), *inner[1:]]
    return lines


def _short(value: Any, taken: int) -> bool:
    """Whether a value goes on one line: nothing nested in it, and it fits."""
    if not isinstance(value, dict | list | tuple) or not value:
        return True
    inner = value.values() if isinstance(value, dict) else value
    return not any(isinstance(v, dict) for v in inner) and taken + len(flow(value)) < _WIDTH
