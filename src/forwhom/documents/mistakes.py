"""What is wrong in a document, said with file, line and column, all of it at once."""

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from forwhom.documents.base import (
    CITATION_PATTERN,
    DAY_PATTERN,
    FORMAT,
    ID_PATTERN,
    LANGUAGE_PATTERN,
)
from forwhom.documents.headings import topic_of
from forwhom.documents.slips import right_key, split_at_commas, swallowed, to_type
from forwhom.documents.typedvalues import day_in
from forwhom.documents.yamlfile import Location
from forwhom.errors import DocumentError, nearest

Model = TypeVar("Model", bound=BaseModel)

#: Nobody reads more mistakes than this at once.
MOST = 50


class Source(Protocol):
    """A parsed text that knows where each key stands."""

    @property
    def name(self) -> str:
        """What messages call it."""

    @property
    def data(self) -> Any:
        """The plain values."""

    def place(self, location: Location) -> str:
        """``name:line:column`` of a key path."""

    def written(self, location: Location) -> str | None:
        """The text of a scalar, as written."""


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong: where, what, and what to do."""

    location: Location
    problem: str
    advice: str = ""


def validated(model: type[Model], source: Source, what: str) -> Model:
    """Turn a parsed text into a document, or say everything that is wrong with it."""
    _check_version(keys_of(source, what, f"forwhom: {FORMAT}"), source, what)
    return shaped(model, source)


def keys_of(source: Source, what: str, key: str) -> dict[str, Any]:
    """Return the keys and values at the top of a text, or say that there are none."""
    data = source.data
    if isinstance(data, dict):
        return data
    found = "the file is empty" if data is None else f"found {_kind(data)}"
    raise DocumentError(f"{source.place(())}: {found}.", f"Expected {what}: keys such as '{key}'.")


def shaped(model: type[Model], source: Source) -> Model:
    """Turn a parsed text into a model, whatever its version."""
    data = source.data
    try:
        return model.model_validate(data)
    except ValidationError as error:
        written = _numbers_as_text(data, error, source)
        if written is None:
            raise refused(mistakes_of(model, error, source), source.place) from error
    try:
        return model.model_validate(written)
    except ValidationError as error:
        raise refused(mistakes_of(model, error, source), source.place) from error


def refused(
    mistakes: Iterable[Mistake], place_of: Callable[[Location], str] | None = None
) -> DocumentError:
    """Build one error of all mistakes, in the order of the text, a line each."""
    found = list(mistakes)
    rows = []
    for mistake in found[:MOST]:
        place = place_of(mistake.location) if place_of is not None else ""
        rows.append((place or path_of(mistake.location), mistake))
    rows.sort(key=lambda row: [int(n) for n in re.findall(r":(\d+)", row[0])[-2:]])
    (place, first), *others = rows
    if not others:
        return DocumentError(f"{place}: {first.problem}", first.advice)
    lines = [f"{place}: {m.problem} {m.advice}".rstrip() for place, m in rows]
    if len(found) > MOST:
        lines.append(f"… and {len(found) - MOST:,} more.")
    return DocumentError("\n".join(lines))


_KINDS = {
    "study": "says what is asked (study.yaml)",
    "segmentation": "what was found (segmentation.json)",
    "canvas": "what a team knows and decides (canvas.yaml)",
    "framework": "which blocks a canvas has",
    "plan": "what an experiment is to find out",
}


def _check_version(data: dict[str, Any], source: Source, what: str) -> None:
    found = data.get("forwhom")
    kind = data.get("kind") or ("study" if data.get("customers") or data.get("events") else "")
    if isinstance(kind, str) and kind in _KINDS and f"a {kind}" != what:
        raise DocumentError(
            f"{source.place(('kind',))}: this is a {kind}, not {what}.",
            " ".join(f"A {name} {says}." for name, says in _KINDS.items()),
        )
    if "forwhom" not in data:
        raise DocumentError(
            f"{source.place(())}: the key 'forwhom' is missing.",
            f"Expected {what} with 'forwhom: {FORMAT}', the version of the format; "
            "is this another kind of file?",
        )
    if isinstance(found, int) and not isinstance(found, bool) and found > FORMAT:
        raise DocumentError(
            f"{source.place(('forwhom',))}: this is format {found}, written by a newer forwhom.",
            f"Expected format {FORMAT}; install the newer forwhom to read it.",
        )
    if found != FORMAT or isinstance(found, bool):
        raise DocumentError(
            f"{source.place(('forwhom',))}: there is no format {_shown(found)}.",
            f"Expected 'forwhom: {FORMAT}'.",
        )


def _numbers_as_text(
    data: dict[str, Any], error: ValidationError, source: Source
) -> dict[str, Any] | None:
    """Replace numbers where text is wanted (a column 2017, a level 012) by what was written."""
    found = [
        (e["loc"], text)
        for e in error.errors(include_url=False)
        if e["type"] == "string_type"
        and isinstance(e["input"], int | float)
        and not isinstance(e["input"], bool)
        and (text := source.written(e["loc"])) is not None
    ]
    if not found:
        return None
    changed = copy.deepcopy(data)
    for location, text in found:
        holder: Any = changed
        for step in location[:-1]:
            holder = holder[step]
        holder[location[-1]] = text
    return changed


def mistakes_of(
    model: type[BaseModel], error: ValidationError, source: Source | None = None
) -> list[Mistake]:
    """Say each of pydantic's errors in our words, with the keys that would be right."""
    mistakes: dict[Location, Mistake] = {}
    for details in error.errors(include_url=False):
        location = _own(details["loc"])
        # Each member of a union complains; the first says enough.
        mistakes.setdefault(location, _mistake(model, location, details, source))
    if source is None:
        return list(mistakes.values())
    unknown = {
        details["loc"]: details["input"]
        for details in error.errors(include_url=False)
        if details["type"] == "extra_forbidden"
    }
    return list(_joined(mistakes, unknown, source))


def _joined(
    mistakes: Mapping[Location, Mistake], unknown: Mapping[Location, Any], source: Source
) -> Iterator[Mistake]:
    """Say once what one slip made two mistakes of."""
    left = dict(mistakes)
    missing = {at: m for at, m in mistakes.items() if m.problem.endswith("is missing.")}
    for at in [at for at, value in unknown.items() if value is None]:
        here = [str(k[-1]) for k, v in unknown.items() if v is None and k[:-1] == at[:-1]]
        cut = split_at_commas(source.data, source, at[:-1], here) if at in left else None
        if cut is not None:
            problem = f"the text of {cut[0]!r} ends at the comma."
            yield Mistake((*at[:-1], cut[0]), problem, cut[1])
            left = {k: m for k, m in left.items() if k[:-1] != at[:-1] or str(k[-1]) not in here}
    for at in missing:
        if at not in left:
            continue
        slips = (
            _called_otherwise(at, missing, unknown),
            _too_far_left(at, unknown, source),
            _one_dash_too_many(at, missing),
        )
        for joined, gone in slips:
            if joined is not None and all(one in left for one in gone):
                yield joined
                left = {k: m for k, m in left.items() if k not in gone}
                break
    yield from left.values()


_Joined = tuple[Mistake | None, Sequence[Location]]


def _called_otherwise(
    at: Location, missing: Mapping[Location, Mistake], unknown: Mapping[Location, Any]
) -> _Joined:
    """A key that is missing stands there under another name."""
    others = [k for k, v in unknown.items() if k[:-1] == at[:-1] and isinstance(v, str | int)]
    meant = [k for k in others if right_key(str(k[-1]), [str(at[-1])])]
    meant += [k for k in others if nearest(str(k[-1]), [str(at[-1])])]
    alone = [k for k in missing if k[:-1] == at[:-1] and k[-1] != "id"] == [at]
    if not meant and not (alone and len(others) == 1):
        return None, ()
    found = (meant or others)[0]
    problem = f"there is no key {str(found[-1])!r} in {path_of(at[:-1])!r}; {at[-1]!r} is missing."
    advice = nearest(str(found[-1]), [str(at[-1])]) or f"Write '{at[-1]}:' for '{found[-1]}:'."
    return Mistake(found, problem, advice), (at, found)


def _too_far_left(at: Location, unknown: Mapping[Location, Any], source: Source) -> _Joined:
    """A key that is missing stands further left, below the item that it belongs to."""
    for key in unknown:
        if key[-1] == at[-1] and len(key) < len(at) and key[:-1] == at[: len(key) - 1]:
            item = source.place(at[:-1]).rsplit(":", 2)
            problem = f"the key {key[-1]!r} begins too far left to belong to {path_of(at[:-1])!r}."
            advice = f"Begin the line in column {item[2]}, below the key after '- '."
            return Mistake(key, problem, advice), (at, key)
    return None, ()


def _one_dash_too_many(at: Location, missing: Mapping[Location, Mistake]) -> _Joined:
    """What the next item lacks is all that this one has: a dash before each key."""
    index, key = at[-2:] if len(at) > 1 else ("", "")
    if not isinstance(index, int):
        return None, ()
    after = (*at[:-2], index + 1)
    for other in missing:
        if other[:-1] == after and other[-1] != key:
            problem = f"the '- ' before {key!r} begins another item."
            advice = f"Write two spaces for it, so that {key!r} stands below {other[-1]!r}."
            return Mistake(after, problem, advice), (at, other)
    return None, ()


def _own(location: Location) -> Location:
    """Take off the name of a union's member (date or datetime), which is not a key."""
    return location[:-1] if location[-2:-1] == ("cutoff",) else location


def _mistake(
    model: type[BaseModel], location: Location, details: ErrorDetails, source: Source | None
) -> Mistake:
    kind, value, context = details["type"], details["input"], details.get("ctx", {})
    key = location[-1] if location else ""
    if kind == "extra_forbidden":
        return _unknown_key(model, location, value)
    if kind == "missing":
        inside = f" of {path_of(location[:-1])!r}" if len(location) > 1 else ""
        return Mistake(location, f"the key {str(key)!r}{inside} is missing.", "Add it.")
    name = repr(path_of(location))
    if kind == "literal_error":
        expected = str(context.get("expected", ""))
        words = re.findall(r"'([^']*)'", expected)
        guess = nearest(value, words) if isinstance(value, str) else ""
        return Mistake(
            location, f"{name} cannot be {_shown(value)}.", f"Expected {expected}. {guess}".strip()
        )
    if kind.startswith(("date", "timezone")):
        meant = day_in(value) if isinstance(value, str) else ""
        return Mistake(
            location,
            f"{name} is {_shown(value)}, which is not a date.",
            "Expected a date such as 2017-12-31, or a time such as 2017-12-31T18:00."
            + (f" Write {meant}." if meant else ""),
        )
    if kind == "value_error":
        return Mistake(location, f"{str(details['ctx']['error']).rstrip('.')}.")
    if kind.startswith("union_tag"):
        return _no_such_kind(location, name, value, context)
    expected = _expected(kind, details["msg"], context)
    if context.get("pattern") == ID_PATTERN and key != "id":
        expected = f"the id of what is meant: {expected}"
    if kind == "int_from_float" and source is not None:
        value = source.written(location) or value  # 1.200 may be meant as 1,200
    advice = to_type(kind, value, key, _allowed(model, location))
    if value is None and not advice:
        advice = swallowed(source, location)
    return Mistake(
        location, f"{name} is {_shown(value)}.", f"Expected {expected}. {advice}".strip()
    )


def _unknown_key(model: type[BaseModel], location: Location, value: object) -> Mistake:
    key, keys = str(location[-1]), _keys(model, location[:-1])
    inside = f" in {path_of(location[:-1])!r}" if len(location) > 1 else ""
    problem = f"there is no key {key!r}{inside}."
    meant = right_key(key, keys)
    if meant:
        close = nearest(key, keys)
        advice = close if repr(meant) in close else f"Write '{meant}:'."
        return Mistake(location, problem, advice)
    if len(location) == 1 and "blocks" in keys:
        topic = topic_of(key)
        if topic is not None:
            notes = "" if isinstance(value, list) else ", and each of its notes as '- text: …'"
            advice = f"It is a block: put it below 'blocks:', two spaces in, as '{topic}:'{notes}."
            return Mistake(location, problem, advice)
    advice = nearest(key, keys)
    if len(location) == 1 and "blocks" in keys and isinstance(value, list) and value:
        below = f"Put it below 'blocks:', two spaces in, if {key!r} is a block."
        advice = f"{advice} {below}".strip()
    return Mistake(location, problem, advice or f"Expected one of: {', '.join(keys)}.")


def _allowed(model: type[BaseModel], location: Location) -> dict[str, Any]:
    """Return what may stand at a key path, and for a list what its items are."""
    schema = _schema(model)
    nodes = [schema]
    for step in location:
        nodes = [child for node in nodes for child in _inside(schema, node, step)] or nodes
    found = [node for node in _members(schema, nodes) if node.get("type") != "null"]
    first = dict(found[0]) if found else {}
    if isinstance(first.get("items"), dict):
        first["items"] = _members(schema, [first["items"]])[0]
    return first


def _no_such_kind(location: Location, name: str, value: Any, context: dict[str, Any]) -> Mistake:
    """Say which kinds there are, where the key that says the kind is missing or names none."""
    key = str(context.get("discriminator", "")).strip("'")
    said = value.get(key) if isinstance(value, dict) else None
    problem = f"{name} has no {key}."
    if said is not None:
        problem = f"{name} has the {key} {_shown(said)}."
    tags = context.get("expected_tags")
    return Mistake(location, problem, f"Expected one of: {tags}." if tags else f"Add '{key}:'.")


def _expected(kind: str, message: str, context: dict[str, Any]) -> str:
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern", ""))
        return _PATTERNS.get(pattern, f"text of the form {pattern}")
    if kind == "string_too_long":
        return f"at most {context['max_length']} characters"
    if kind in ("less_than_equal", "greater_than_equal"):
        end = "most" if kind.startswith("less") else "least"
        return f"at {end} {context['le' if end == 'most' else 'ge']:g}"
    if kind == "too_short":
        return f"at least {context['min_length']} in it"
    return _EXPECTED.get(kind, message.removeprefix("Input should be "))


#: Words that stand for true and false: editors of YAML do not agree on which of them are text.
WORDS_OF_FLAGS = ("yes", "no", "true", "false")
#: Patterns of the documents, in words.
_PATTERNS = {
    ID_PATTERN: "letters, digits, '-', '_' and '.', with a letter or digit first",
    CITATION_PATTERN: "the id of evidence, or 'id@fingerprint'",
    DAY_PATTERN: "a day such as 2026-11-25",
    LANGUAGE_PATTERN: "the code of a language, such as en, de or pt-BR",
}
_EXPECTED = {
    "string_type": "text",
    "list_type": "a list, such as [a, b]",
    "dict_type": "keys and values",
    "model_type": "keys and values",
    "model_attributes_type": "keys and values",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "finite_number": "a number that is not infinite",
    "string_unicode": "text without half characters",
}


def path_of(location: Location) -> str:
    """Return a key path as a person would write it: ``events[1].time``."""
    out = ""
    for step in location:
        out += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if out else str(step)
    return out


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return _kind(value)
    if value is None:
        return "empty"
    text = str(value)
    return repr(text if len(text) <= 40 else text[:39] + "…")


def _kind(value: Any) -> str:
    names: dict[type, str] = {dict: "keys and values", list: "a list", str: "text"}
    return names.get(type(value), "a single value")


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def _keys(model: type[BaseModel], location: Location) -> list[str]:
    """Return the keys that a model allows at a key path, read from its JSON Schema."""
    schema = _schema(model)
    nodes = [schema]
    for step in location:
        nodes = [child for node in nodes for child in _inside(schema, node, step)] or nodes
    return [key for node in _members(schema, nodes) for key in node.get("properties", {})]


def _members(schema: dict[str, Any], nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Follow references and unions until there are only plain schemas."""
    found = []
    for node in nodes:
        if "$ref" in node:
            found += _members(schema, [schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]])
        elif "anyOf" in node or "oneOf" in node:
            found += _members(schema, node.get("anyOf") or node["oneOf"])
        else:
            found.append(node)
    return found


def _inside(schema: dict[str, Any], node: dict[str, Any], step: str | int) -> list[dict[str, Any]]:
    found = []
    for member in _members(schema, [node]):
        if isinstance(step, int):
            inner = member.get("items")
        else:
            inner = member.get("properties", {}).get(step, member.get("additionalProperties"))
        if isinstance(inner, dict):
            found.append(inner)
        elif member.get("properties", {}).get("kind", {}).get("const") == step:
            found.append(member)  # the step names a member of a union
    return found
