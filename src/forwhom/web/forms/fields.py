"""Forms of the parts of a canvas, made from what each part is: nobody types an id or YAML."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from forwhom.documents.base import Document
from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.fieldnames import field_name, value_name
from forwhom.documents.canvas.references import items as named_items
from forwhom.documents.yamlfile import Location
from forwhom.languages.catalog import tr
from forwhom.web.forms import places
from forwhom.wording import opened

Kind = Literal[
    "text", "long", "choice", "choices", "number", "yes", "day", "lines", "group", "list"
]

#: What forwhom writes itself, or what a page of its own changes.
_OURS = frozenset(
    {
        "forwhom", "kind:Canvas", "id", "discovered", "standing", "fingerprint", "previous",
        "seeded_from", "derived_from", "pairs", "history", "lint", "blocks", "need_ratings",
        "funding_rates", "created", "updated", "ratings", "file", "framework",
    }
)  # fmt: skip
#: Texts that take more than a line.
_LONG = frozenset(
    {
        "text", "detail", "description", "summary", "statement", "reason", "problem", "story",
        "how", "action", "outreach", "specific_value", "target_market", "insight", "belief",
    }
)  # fmt: skip
#: Which things a field names, by its name.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "segments": ("segment",),
    "segment": ("segment",),
    "sponsor": ("segment", "participant"),
    "propositions": ("proposition",),
    "supports": ("note",),
    "vetoes": ("participant",),
    "on": ("participant",),
    "needs": ("need",),
    "need": ("need",),
    "of": ("need",),
    "item": ("need",),
    "items": ("need",),
    "offer": ("offer",),
    "actors": ("actor",),
    "evidence": ("evidence",),
}
#: The field that says in a word what an item is.
_TITLES = ("name", "statement", "text", "title", "aspect", "feature", "action", "brings", "giver")
#: What a group asks first of anything: what it is, and for whom.
_FIRST = frozenset({*_TITLES, "description", "summary", "buti", "segments"})
#: What it rests on, and what nobody knows yet.
_BASIS = frozenset({"claims", "evidence", "quotes", "rated_by", "open_questions"})
#: A form with more fields shows the first ones, and the others when they are asked for.
_MOST_SHOWN = 8


@dataclass(frozen=True)
class Field:
    """One field of a form."""

    name: str
    label: str
    kind: Kind
    value: Any = None
    required: bool = False
    #: Value and words of what can be chosen.
    options: tuple[tuple[str, str], ...] = ()
    inside: tuple[Field, ...] = ()
    #: Items of a list: where each stands, and its words.
    rows: tuple[tuple[str, str], ...] = ()
    at: str = ""

    @property
    def chosen(self) -> frozenset[str]:
        """What is chosen of what can be; evidence without its fingerprint."""
        return frozenset(str(one).partition("@")[0] for one in self.value or ())

    @property
    def inputs(self) -> tuple[Field, ...]:
        """What is typed into: itself, or what stands inside."""
        if self.kind != "group":
            return (self,)
        return tuple(one for inner in self.inside for one in inner.inputs)

    @property
    def is_filled(self) -> bool:
        """Whether something stands there."""
        return bool(self.rows) if self.kind == "list" else self.value not in (None, "", [], False)


@dataclass(frozen=True)
class Section:
    """Fields of a form that are shown and hidden together; without a name they are always shown."""

    name: str
    fields: tuple[Field, ...]

    @property
    def inputs(self) -> tuple[Field, ...]:
        """What is typed into."""
        return tuple(one for field in self.fields for one in field.inputs)

    @property
    def filled(self) -> int:
        """In how many of them something stands."""
        return sum(one.is_filled for one in self.inputs)


@dataclass(frozen=True)
class Sheet:
    """The form of one part of a canvas."""

    title: str
    fields: tuple[Field, ...]
    model: type[Document] = field(repr=False, default=Document)
    #: What holds the fields: the part itself, or what a single field belongs to.
    holder: Location = ()

    @property
    def sections(self) -> tuple[Section, ...]:
        """The fields as they are shown: all of a short form; of a long one what comes first."""
        if len(Section("", self.fields).inputs) <= _MOST_SHOWN:
            return (Section("", self.fields),)
        first = [one for one in self.fields if one.required or one.name in _FIRST]
        rest = [one for one in self.fields if one not in first]
        groups = [one for one in rest if one.kind == "group"]
        basis = [one for one in rest if one.name in _BASIS]
        parts = [one for one in rest if one.kind == "list" and one not in basis]
        more = [one for one in rest if one not in (*groups, *basis, *parts)]
        made = [
            Section("", tuple(first)), Section(tr("More about it"), tuple(more)),
            *(Section(one.label, one.inside) for one in groups),
            Section(tr("Its parts"), tuple(parts)),
            Section(tr("What it rests on, and what is open"), tuple(basis)),
        ]  # fmt: skip
        return tuple(one for one in made if one.fields)


def type_at(location: Location) -> Any:
    """Return what stands at a key path by the canvas's shape; None where nothing can."""
    found: Any = Canvas
    for step in location:
        found = _bare(found)
        if isinstance(found, type) and issubclass(found, Document):
            info = _fields(found).get(str(step))
            found = None if info is None else info.annotation
        elif get_origin(found) is list and isinstance(step, int):
            found = get_args(found)[0]
        elif get_origin(found) is dict:
            found = get_args(found)[1]
        else:
            return None
        if found is None:
            return None
    return _bare(found)


def sheet(canvas: Canvas, location: Location, data: Any) -> Sheet | None:
    """Return the form of what stands at a key path, an item or one field; None for all else."""
    model = type_at(location)
    if not _is_document(model):
        return _single(canvas, location, data)
    values = data if isinstance(data, dict) else {}
    made = tuple(_of_model(canvas, model, values, location, ()))
    named = title_of(values)
    if not named and location and isinstance(location[-1], str):
        named = _label(type_at(location[:-1]), location[-1])
    return Sheet(named or tr("About this canvas"), made, model, location)


def _single(canvas: Canvas, location: Location, data: Any) -> Sheet | None:
    """Return the form of one field, such as who is left out, by itself."""
    model = type_at(location[:-1])
    name = str(location[-1])
    if not _is_document(model) or name in _OURS or name not in _fields(model):
        return None
    made = _field(canvas, model, name, data, location, (name,))
    if made is None or made.kind == "list":
        return None
    return Sheet(made.label, (made,), model, location[:-1])


def _is_document(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Document)


def title_of(values: Any) -> str:
    """Return what an item is, in its own words."""
    if isinstance(values, str):
        return values
    if not isinstance(values, dict):
        return ""
    found = (values.get(name) for name in _TITLES)
    return next((one for one in found if isinstance(one, str) and one), str(values.get("id", "")))


def _row(values: Any, known: Mapping[str, str]) -> str:
    """Return what an item is, or the thing that it is about."""
    own = title_of(values)
    if own or not isinstance(values, dict):
        return own
    found = (known.get(one) for one in values.values() if isinstance(one, str))
    return next((one for one in found if one), "")


def title_key(model: Any) -> str:
    """Return the field of a model that a person types first; empty where there is none."""
    if not (isinstance(model, type) and issubclass(model, Document)):
        return ""
    return next((name for name in _TITLES if name in model.model_fields), "")


def _of_model(
    canvas: Canvas, model: type[Document], values: Mapping[str, Any], here: Location, way: Location
) -> Iterator[Field]:
    for name in sorted(_fields(model), key=lambda name: bool(here) and name not in _FIRST):
        if name in _OURS or f"{name}:{model.__name__}" in _OURS:
            continue
        made = _field(canvas, model, name, values.get(name), (*here, name), (*way, name))
        if made is not None:
            yield made


def _field(
    canvas: Canvas, model: type[Document], name: str, value: Any, here: Location, way: Location
) -> Field | None:
    info = _fields(model)[name]
    kind = _bare(info.annotation)
    key, label = ".".join(map(str, way)), _label(model, name)
    base = {
        "name": key,
        "label": label,
        "value": value,
        "required": info.is_required(),
    }
    if isinstance(kind, type) and issubclass(kind, Document):
        inner = tuple(_of_model(canvas, kind, value or {}, here, way))
        return Field(**{**base, "kind": "group", "inside": inner})
    if get_origin(kind) is list:
        return _many(canvas, get_args(kind)[0], name, value or [], here, base)
    if get_origin(kind) is Literal:
        return Field(**base, kind="choice", options=_words(name, get_args(kind)))
    if kind is bool:
        return Field(**base, kind="yes")
    if kind in (int, float):
        return Field(**base, kind="number")
    if kind is not str:
        return None
    if name in _NAMES and name != "evidence":
        return Field(**base, kind="choice", options=_named(canvas, _NAMES[name]))
    if any("calendar" in repr(one) for one in info.metadata):
        return Field(**base, kind="day")
    return Field(**base, kind="long" if name in _LONG else "text")


def _many(
    canvas: Canvas,
    inner: Any,
    name: str,
    value: Sequence[Any],
    here: Location,
    base: dict[str, Any],
) -> Field | None:
    kind = _bare(inner)
    if isinstance(kind, type) and issubclass(kind, Document):
        known = {one.id: one.text for one in named_items(canvas)}
        rows = tuple(
            (places.written((*here, i)), _row(one, known) or f"{base['label']} {i + 1}")
            for i, one in enumerate(value)
        )
        return Field(**base, kind="list", rows=rows, at=places.written(here))
    if get_origin(kind) is Literal:
        return Field(**base, kind="choices", options=_words(name, get_args(kind)))
    if kind is not str:
        return None
    if name in _NAMES or name in ("by", "about"):
        options = _named(canvas, _NAMES.get(name, ("offer",) if name == "by" else ()))
        return Field(**base, kind="choices", options=options)
    return Field(**base, kind="lines")


def _named(canvas: Canvas, kinds: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the things of these kinds that a canvas has; of all kinds where none is named."""
    if "evidence" in kinds:
        return tuple((one.id, one.statement) for one in canvas.evidence)
    return tuple(
        (one.id, one.text) for one in named_items(canvas) if not kinds or one.kind in kinds
    )


def _words(name: str, values: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((one, opened(value_name(name, one))) for one in values)


def _label(model: type[Document], name: str) -> str:
    own = next(one for one, info in model.model_fields.items() if name in (one, info.alias))
    return opened(field_name(model, own))


def _fields(model: type[Document]) -> dict[str, FieldInfo]:
    """Return the fields of a model by their names in the file."""
    return {info.alias or name: info for name, info in model.model_fields.items()}


def _bare(annotation: Any) -> Any:
    """Return a type without what may be missing and without what is checked besides."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _bare(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        kept = [one for one in get_args(annotation) if one is not type(None)]
        return _bare(kept[0]) if len(kept) == 1 else annotation
    return annotation
