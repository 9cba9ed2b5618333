"""JSON Schemas of the documents, for editors and other programs."""

import json
from typing import Any

from pydantic import BaseModel

from forwhom.documents.canvas.frameworks import Framework
from forwhom.documents.canvas.model import Canvas
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.study import Study

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def study_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``study.yaml``."""
    return _schema(Study, "forwhom study")


def segmentation_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``segmentation.json``."""
    return _schema(Segmentation, "forwhom segmentation")


def canvas_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``canvas.yaml``."""
    schema = _schema(Canvas, "forwhom canvas")
    # A key of the top with nothing after it waits to be filled; so does a topic.
    for name in set(schema["properties"]) - set(schema["required"]):
        schema["properties"][name] = _or_nothing(schema["properties"][name])
    topics = schema["properties"]["blocks"]["anyOf"][0]
    topics["additionalProperties"] = _or_nothing(topics["additionalProperties"])
    return schema


def framework_schema() -> dict[str, Any]:
    """Return the JSON Schema of a framework, for those who write their own."""
    return _schema(Framework, "forwhom framework")


def schema_text(schema: dict[str, Any]) -> str:
    """Return a schema as the text of its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _or_nothing(part: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a key that may be without a value."""
    if {"type": "null"} in part.get("anyOf", ()):
        return part
    outside = ("title", "description", "default")
    said = {key: value for key, value in part.items() if key in outside}
    rest = {key: value for key, value in part.items() if key not in outside}
    return {"anyOf": [rest, {"type": "null"}], **said}


def _schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True)
    return {"$schema": _DIALECT} | schema | {"title": title}
