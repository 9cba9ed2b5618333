"""JSON Schemas of the documents, for editors and other programs."""

import json
import re
import sys
from typing import Any

from pydantic import BaseModel

from forwhom.documents.base import or_nothing
from forwhom.documents.canvas.frameworks import Framework, framework_names
from forwhom.documents.canvas.model import Canvas
from forwhom.documents.experiment import ExperimentPlan
from forwhom.documents.mistakes import WORDS_OF_FLAGS
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.study import Study

#: What a file cannot hold: a number that is infinite, and NaN, which alone is both of these.
_LARGEST = sys.float_info.max
_NOT_A_NUMBER = {"type": "number", "minimum": 1, "maximum": 0}

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
    framework = schema["properties"]["framework"]
    text = framework["anyOf"][0] if "anyOf" in framework else framework
    text["anyOf"] = [{"enum": [*framework_names()]}, {"type": "string", "pattern": r"\.ya?ml$"}]
    topics = schema["properties"]["blocks"]["anyOf"][0]
    topics["additionalProperties"] = or_nothing(topics["additionalProperties"])
    _as_read(schema)
    return schema


def _as_read(part: object) -> None:
    """Say of a schema what the reader takes: a number for text, and yes and no.

    A pattern is asked of text alone, and a least value of numbers: what has a sign is no id. A
    number is finite.
    """
    if isinstance(part, list):
        for one in part:
            _as_read(one)
    if not isinstance(part, dict):
        return
    if part.get("type") == "boolean":
        del part["type"]
        part["enum"] = [True, False, *WORDS_OF_FLAGS]
    elif part.get("type") == "string" and not {"enum", "const"} & part.keys():
        pattern = re.compile(part.get("pattern", ""))
        if pattern.search("12"):
            part["type"] = ["string", "number"]
            if not pattern.search("-12"):
                part["minimum"] = 0
    if part.get("type") == "number":
        part.setdefault("minimum", -_LARGEST)
        part.setdefault("maximum", _LARGEST)
        part["not"] = _NOT_A_NUMBER
    for key, one in part.items():
        if key not in ("default", "enum", "propertyNames", "not"):
            _as_read(one)


def framework_schema() -> dict[str, Any]:
    """Return the JSON Schema of a framework, for those who write their own."""
    return _schema(Framework, "forwhom framework")


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema of the plan of an experiment."""
    schema = _schema(ExperimentPlan, "forwhom plan")
    properties = schema["properties"]
    names = properties["segments"]["anyOf"][0]
    names["items"] = {"anyOf": [names["items"], {"type": ["string", "integer"]}]}
    properties["looks"]["anyOf"].append({"type": "integer", "minimum": 1, "maximum": 20})
    _as_read(schema)
    return schema


def schema_text(schema: dict[str, Any]) -> str:
    """Return a schema as the text of its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True)
    return {"$schema": _DIALECT} | schema | {"title": title}
