"""What a person typed into a form, as values of a canvas."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from starlette.datastructures import FormData

from forwhom.documents.yamlfile import Location
from forwhom.languages.catalog import tr
from forwhom.web.forms.fields import Field
from forwhom.web.server.refusals import Mistyped


def typed(fields: Iterable[Field], form: FormData) -> Iterator[tuple[Location, Any]]:
    """Yield the key path of each field inside its part, and the value that was typed."""
    for one in fields:
        if one.kind == "group":
            yield from _group(one, form)
        elif one.kind != "list":
            value = _value(one, form)
            if one.required and value is None:
                raise _needed(one)
            yield tuple(one.name.split(".")), value


def _group(group: Field, form: FormData) -> Iterator[tuple[Location, Any]]:
    """Yield the fields of a group; one in which nothing is typed is not there."""
    inside = [one for one in group.inside if one.kind not in ("group", "list")]
    found = [(one, _value(one, form)) for one in inside]
    deeper = [pair for one in group.inside if one.kind == "group" for pair in _group(one, form)]
    here = tuple(group.name.split("."))
    lists = any(one.rows for one in group.inside if one.kind == "list")
    if not lists and all(value is None for _, value in found) and not _any(deeper):
        yield here, None
        return
    for one, value in found:
        if one.required and value is None:
            raise _needed(one)
        yield tuple(one.name.split(".")), value
    yield from deeper


def _any(found: Iterable[tuple[Location, Any]]) -> bool:
    return any(value is not None for _, value in found)


def _needed(one: Field) -> Mistyped:
    problem = tr("{field}: this is needed.", field=one.label)
    return Mistyped(one.name, problem, tr("Type something."))


def changed(
    before: Mapping[str, Any], found: Iterable[tuple[Location, Any]]
) -> Iterator[tuple[Location, Any]]:
    """Yield what is other than before."""
    for way, value in found:
        old: Any = before
        for step in way:
            old = old.get(step) if isinstance(old, Mapping) else None
        if value != old and not (value is None and old in ("", [], None)):
            yield way, value


def whole(found: Iterable[tuple[Location, Any]]) -> dict[str, Any]:
    """Return values by their key paths as one item."""
    made: dict[str, Any] = {}
    for way, value in found:
        if value is None:
            continue
        *holders, last = (str(step) for step in way)
        inside = made
        for step in holders:
            inside = inside.setdefault(step, {})
        inside[last] = value
    return made


def _value(one: Field, form: FormData) -> Any:
    if one.kind == "choices":
        chosen = [str(value) for value in form.getlist(one.name)]
        return _kept(one.value or [], chosen) or None
    text = str(form.get(one.name) or "").replace("\r\n", "\n").strip()
    match one.kind:
        case "yes":
            return True if text else (None if one.value is None else False)
        case "lines":
            return [line.strip() for line in text.split("\n") if line.strip()] or None
        case "number":
            return _number(one, text)
        case "day":
            return _day(one, text)
    return text or None


def _kept(before: list[Any], chosen: list[str]) -> list[Any]:
    """Return what is chosen, in the order and with the fingerprints that were there."""
    by_id = {str(value).partition("@")[0]: value for value in before}
    old = [value for key, value in by_id.items() if key in chosen]
    return [*old, *(one for one in chosen if one not in by_id)]


def _number(one: Field, text: str) -> float | int | None:
    if not text:
        return None
    try:
        number = float(text.replace(",", "."))
        if not math.isfinite(number):
            raise ValueError
    except ValueError:
        problem = tr("{field}: {text} is no number.", field=one.label, text=repr(text[:40]))
        raise Mistyped(one.name, problem, tr("Type digits, such as 7.")) from None
    return int(number) if number == int(number) else number


def _day(one: Field, text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat() if text else None
    except ValueError:
        problem = tr("{field}: {text} is no day.", field=one.label, text=repr(text[:40]))
        raise Mistyped(one.name, problem, tr("Expected one such as 2026-11-25.")) from None
