"""The description of the API (OpenAPI 3.1): completed with what can go wrong, and made readable."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from forwhom.web.api.problems import KINDS, MEDIA, Problem
from forwhom.wording import listed

_METHODS = ("get", "post", "put", "patch", "delete")
#: Statuses with which a request may be refused; those of its own stand at the operation.
_ALWAYS = (401, 429)
#: What FastAPI calls a form, and one of two models that have the same name.
_LONG = re.compile(r"Body_\w+|forwhom(?:__[a-z]+)*?__([a-z]+)__([A-Z]\w*)")
#: Models that stand on a page of the documentation: too large to be read here.
_DOCUMENTS = {"Canvas": "canvas", "Segmentation": "segmentation"}


@dataclass(frozen=True)
class Field:
    """A key of a model, or a parameter: its type, whether it must be there, what it means."""

    name: str
    type: str
    required: bool
    says: str


@dataclass(frozen=True)
class Operation:
    """What can be done at an address."""

    id: str
    tag: str
    method: str
    path: str
    summary: str
    scope: str
    parameters: tuple[Field, ...]
    #: Kinds of content with the models that they have.
    sent: tuple[tuple[str, str], ...]
    answered: tuple[tuple[str, str], ...]
    refused: tuple[int, ...]


def completed(document: dict[str, Any]) -> dict[str, Any]:
    """Give every operation its sentence, and its refusals as problems."""
    document = json.loads(_LONG.sub(_short, json.dumps(document)))
    parts = document["components"]
    schemas = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    parts["schemas"] |= {**schemas.pop("$defs"), "Problem": schemas}
    for name in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(name, None)
    parts["responses"] = {str(status): _refusal(status) for status in _statuses()}
    for path, items in document["paths"].items():
        for one in (items[method] for method in _METHODS if method in items):
            one["summary"] = one.pop("description")
            for given in one.get("parameters", ()):
                # A missing version has a refusal of its own, which says what to do.
                given["required"] |= given["name"] == "if-match"
            for status in _refusals(path, one):
                one["responses"][str(status)] = {"$ref": f"#/components/responses/{status}"}
    return document


def _short(found: re.Match[str]) -> str:
    """Return a name for a model whose plain one is taken: with the last word of its module."""
    return f"{found[1].capitalize()}{found[2]}" if found[1] else "Upload"


def _statuses() -> list[int]:
    return sorted({one.status for one in KINDS})


def _refusal(status: int) -> dict[str, Any]:
    titles = ". ".join(one.title for one in KINDS if one.status == status)
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": f"{titles}.", "content": {MEDIA: {"schema": schema}}}


def _refusals(path: str, one: dict[str, Any]) -> set[int]:
    """Return the statuses with which an operation may be refused."""
    own = {int(status) for status in one["responses"] if status.startswith(("4", "5"))}
    found = {*_ALWAYS, *own}
    if "{" in path:
        found |= {403, 404}
    if one.get("parameters") or "requestBody" in one:
        found.add(422)
    if "requestBody" in one:
        found |= {413, 415}
    return found


def operations(document: dict[str, Any]) -> list[Operation]:
    """Return every operation of a description, in its order."""
    return [
        _operation(path, method, one)
        for path, items in document["paths"].items()
        for method, one in items.items()
    ]


def _operation(path: str, method: str, one: dict[str, Any]) -> Operation:
    scopes = [scope for need in one["security"] for several in need.values() for scope in several]
    answered = {status: said for status, said in one["responses"].items() if status.startswith("2")}
    return Operation(
        id=one["operationId"], tag=one["tags"][0], method=method.upper(), path=path,
        summary=one["summary"], scope=scopes[0] if scopes else "",
        parameters=tuple(
            Field(p["name"], _type(p["schema"]), p["required"], p.get("description", ""))
            for p in one.get("parameters", ())
        ),
        sent=tuple(_content(one.get("requestBody", {}))),
        answered=tuple(
            (f"{status} {kind}".strip(), shape)
            for status, said in answered.items()
            for kind, shape in (*_content(said),) or (("", ""),)
        ),
        refused=tuple(sorted(int(s) for s in one["responses"] if s not in answered)),
    )  # fmt: skip


def _content(said: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for kind, one in said.get("content", {}).items():
        yield kind, _type(one.get("schema", {}))


def models(document: dict[str, Any]) -> dict[str, tuple[str, list[Field]]]:
    """Return the models that operations name, but for those that have a page of their own."""
    schemas = document["components"]["schemas"]
    found: dict[str, tuple[str, list[Field]]] = {}
    waiting = [*_named(document["paths"]), "Problem"]
    while waiting:
        name = waiting.pop(0)
        if name in found or name in _DOCUMENTS:
            continue
        schema = schemas[name]
        found[name] = (str(schema.get("description", "")).split("\n")[0], _keys(schema))
        waiting += _named(schema)
    return found


def _keys(schema: dict[str, Any]) -> list[Field]:
    needed = schema.get("required", ())
    return [
        Field(key, _type(one), key in needed, one.get("description", ""))
        for key, one in schema.get("properties", {}).items()
    ]


def _named(part: Any) -> list[str]:
    return list(dict.fromkeys(re.findall(r"#/components/schemas/([\w-]+)", str(part))))


def _type(schema: dict[str, Any]) -> str:
    """Return a type in words; a model by its name."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    several = schema.get("anyOf") or schema.get("oneOf")
    if several:
        return listed(list(dict.fromkeys(_type(one) for one in several)), None, "or")
    if "enum" in schema or "const" in schema:
        return listed([str(one) for one in schema.get("enum", [schema.get("const")])], None, "or")
    kind = str(schema.get("type", "anything"))
    if kind == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"names to {_type(schema['additionalProperties'])}"
    low, high = schema.get("minimum"), schema.get("maximum")
    return f"{kind}, {low} to {high}" if low is not None and high is not None else kind
