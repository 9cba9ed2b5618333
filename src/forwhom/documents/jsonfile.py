"""JSON text as plain values, with the line and column of what is wrong."""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from forwhom.documents.yamlfile import HALF, Location
from forwhom.errors import DocumentError

_DECODER = json.JSONDecoder()
_PART_OF_A_NUMBER = re.compile(r"-|\.|[eE][+-]?")
_SPACE = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True)
class JsonText:
    """A parsed JSON text; the twin of :class:`forwhom.documents.yamlfile.YamlText`."""

    name: str
    text: str

    @cached_property
    def data(self) -> Any:
        """The plain values."""
        return json.loads(self.text, object_pairs_hook=_no_twins, parse_constant=_no_constant)

    def written(self, location: Location) -> str | None:  # noqa: ARG002 - as YAML's twin
        """Numbers in JSON are numbers; there is no other way to read them."""
        return None

    def place(self, location: Location) -> str:
        """Return ``name:line:column`` of a key path, as far as the path exists."""
        at = place = _skip(self.text, 0)
        for step in location:
            found = _step(self.text, at, step)
            if found is not None:
                place, at = found
        return _place(self.name, self.text, place)


class _NotJsonError(ValueError):
    """A key twice, or a constant that JSON does not have."""


def parse_json(text: str, name: str, what: str) -> JsonText:
    """Parse JSON text."""
    parsed = JsonText(name, text)
    try:
        _ = parsed.data
    except json.JSONDecodeError as error:
        rest = text[error.pos :].strip()
        # Whatever stops at the end, in a string or in a word was cut off there.
        cut = text.strip() != "" and (
            any(word.startswith(rest) for word in ("true", "false", "null"))
            or _PART_OF_A_NUMBER.fullmatch(rest)
            or error.msg.startswith("Unterminated")
        )
        found = "the file ends too early" if cut else f"this is not JSON: {error.msg}"
        advice = (
            "It was written or copied only in part: write it again."
            if cut
            else f"Expected {what}; is it another file?"
        )
        place = _place(name, text, error.pos)
        raise DocumentError(f"{place}: {found}.", advice) from error
    except _NotJsonError as error:
        raise DocumentError(f"{name}:1:1: {error}", f"Expected {what}.") from error
    except ValueError as error:  # digits without end
        problem = f"{name}:1:1: a number has too many digits."
        raise DocumentError(problem, f"Expected {what}.") from error
    except RecursionError as error:
        raise DocumentError(f"{name}:1:1: nested too deeply.", f"Expected {what}.") from error
    if "\\ud" in text.lower() and HALF.search(json.dumps(parsed.data, ensure_ascii=False)):
        problem = f"{name}:1:1: some text holds half a character (\\ud8… without its other half)."
        raise DocumentError(problem, "Remove it.")
    return parsed


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _NotJsonError(f"the key {twice!r} is there twice.")
    return found


def _no_constant(word: str) -> Any:
    raise _NotJsonError(f"{word} is not a number that a document can hold.")


def _place(name: str, text: str, at: int) -> str:
    return f"{name}:{text.count(chr(10), 0, at) + 1}:{at - text.rfind(chr(10), 0, at)}"


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _step(text: str, at: int, step: str | int) -> tuple[int, int] | None:
    """Where the key and its value start; ``None`` when the value at ``at`` has no such key."""
    is_object = text.startswith("{", at)
    if not is_object and not text.startswith("[", at):
        return None
    at = _skip(text, at + 1)
    index = 0
    while not text.startswith(("}", "]"), at):
        start: int = at
        key: str | int = index
        if is_object:
            key, at = _DECODER.raw_decode(text, at)
            at = _skip(text, _skip(text, at) + 1)
        if key == step:
            return start, at
        _, at = _DECODER.raw_decode(text, at)
        at = _skip(text, at)
        if text.startswith(",", at):
            at = _skip(text, at + 1)
        index += 1
    return None
