"""What every document shares: a strict pydantic base and the words of the field."""

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from forwhom.errors import OptionError

#: Version of the document format; a file says ``forwhom: 1``.
FORMAT = 1

#: Forms of text that several documents use; messages say them in words.
ID_PATTERN = r"^[^\W_][\w.-]*$"
#: Signs that an id has at most.
LONGEST_ID = 80
CITATION_PATTERN = r"^[^\W_][\w.:-]*(@[\w.-]+)?$"
LANGUAGE_PATTERN = r"^([A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*)?$"
DAY_PATTERN = r"^\d{4}-\d{2}-\d{2}$"

#: How a variable was measured. Which family of distributions models it is another question, to
#: which a measure suggests an answer.
Measure = Literal["binary", "nominal", "ordinal", "count", "continuous", "positive"]

#: How a number can be modeled: in bins with a margin that all segments share, normal, Poisson, or
#: log-normal with the zeros apart. These are names of families of the engine.
Family = Literal["tilt", "gaussian", "poisson", "positive"]

#: How numbers are modeled of which nothing else is said: as tilts, or as their measure suggests.
Numbers = Literal["tilts", "measured"]

#: What a variable says about a customer: the five bases of segmentation.
Basis = Literal["behavioral", "psychographic", "demographic", "geographic", "firmographic"]

#: What a variable is for. ``active`` forms segments, ``descriptor`` describes them,
#: ``protected`` is audited and never active.
Use = Literal["active", "descriptor", "protected", "weight", "id", "text", "ignore"]

#: What a variable is in the business. An ``outcome`` is what it hopes for or fears: a purchase, a
#: cancellation. The grid of recency, frequency and monetary value is cut by the first three.
Role = Literal["recency", "frequency", "revenue", "cost", "channel", "outcome"]

#: The five criteria that make two groups separate segments.
Criterion = Literal["offer", "channel", "relationship", "profitability", "price"]


class Document(BaseModel):
    """A strict model: unknown keys and wrong types are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True)


class Form(Document):
    """A part of a document that people fill in: an optional key with nothing after it waits."""

    @model_validator(mode="before")
    @classmethod
    def _empty_keys_say_nothing(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        waiting = {
            key
            for name, field in cls.model_fields.items()
            if not field.is_required()
            for key in (name, field.alias)
        }
        return {k: v for k, v in data.items() if v is not None or k not in waiting}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Say the same in the schema."""
        schema = handler.resolve_ref_schema(handler(core))
        for name in set(schema["properties"]) - set(schema.get("required", ())):
            schema["properties"][name] = or_nothing(schema["properties"][name])
        return schema


def or_nothing(part: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a key that may be without a value."""
    if {"type": "null"} in part.get("anyOf", ()):
        return part
    outside = ("title", "description", "default")
    said = {key: value for key, value in part.items() if key in outside}
    rest = {key: value for key, value in part.items() if key not in outside}
    return {"anyOf": [rest, {"type": "null"}], **said}


def without_empty_keys(data: object, part: str = "", empty: type = list) -> object:
    """Leave out keys with nothing after them, which wait to be filled; those of a part stay."""
    if not isinstance(data, dict):
        return data
    data = {key: value for key, value in data.items() if value is not None}
    if isinstance(data.get(part), dict):
        data[part] = {k: empty() if v is None else v for k, v in data[part].items()}
    return data


def has_levels(measure: Measure | None) -> bool:
    """Whether such a variable is one of several levels."""
    return measure in ("binary", "nominal", "ordinal")


def is_number(measure: Measure | None) -> bool:
    """Whether such a variable is a number."""
    return measure is not None and not has_levels(measure)


def is_bare(level: str) -> bool:
    """Return whether a level is only a number."""
    return re.fullmatch(r"[-−+]?\d+([.,]\d+)?", level.strip()) is not None


def starts_at_zero(measure: Measure | None) -> bool:
    """Whether such a variable is a number from zero on: of two, one can be twice the other."""
    return measure in ("count", "positive")


def _type_name(value: object) -> str:
    """The name of a type, with its package where it has one: there are many tables."""
    package = type(value).__module__.split(".")[0]
    return f"{package}.{type(value).__name__}".removeprefix("builtins.")


def expect(value: object, kind: type | tuple[type, ...], what: str, source: str) -> None:
    """Refuse a value that is not what a function takes, before it fails somewhere inside."""
    if not isinstance(value, kind):
        found = "None" if value is None else f"a value of the type {_type_name(value)!r}"
        raise OptionError(
            f"{what} was expected, and this is {found}.", f"Give what {source} returns."
        )
