"""The schema that editors use and the reader say the same of every key."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from forwhom.documents.canvas import parse_canvas
from forwhom.documents.schemas import canvas_schema
from forwhom.errors import DocumentError

VALIDATOR = Draft202012Validator(canvas_schema())
#: Something in every kind of place; each of its leaves is replaced by each of `ODD`.
CANVAS: dict[str, Any] = {
    "forwhom": 1,
    "kind": "canvas",
    "title": "Plan",
    "language": "en",
    "created": "2026-01-05",
    "framework": "canvas-13",
    "market_type": "niche",
    "not_for": ["Banks"],
    "names": {"ours": ["We"]},
    "segments": [
        {
            "id": "a", "name": "A", "power": 0.5, "bases": ["behavioral"], "status": "serve",
            "size": {"share": 0.4, "customers": 12, "source": "x"}, "decision": {"reason": "r"},
            "separate": {"channel": {"text": "x"}, "profitability": {"text": "x", "level": "low"},
                         "price": [{"aspect": "x", "offer": "o", "worth": 2}]},
            "digital_literacy": {"level": "basic", "messages": ["x"], "assumed_from": "y"},
        }
    ],
    "participants": [{"id": "p", "name": "P", "roles": ["user"], "veto": True}],
    "needs": [
        {"id": "n", "statement": "Sleep", "segments": ["a"], "importance": 8, "evidence": ["e"]},
        {"id": "u", "statement": "Minimize", "kind": "outcome", "of": "n", "step": "locate"},
    ],
    "evidence": [{"id": "e", "statement": "x", "n": 5, "value": 0.5, "date": "2026-01-05"}],
    "propositions": [
        {"id": "q", "name": "Q", "benefits": [{"id": "o", "text": "x"}],
         "fit": [{"need": "n", "by": ["o"], "strength": "full"}]}
    ],
    "blocks": {"channels": [{"text": "Web", "segments": ["a"]}]},
    "personas": [{"id": "s", "name": "S", "segment": "a", "typical": {"age": "38"},
                  "customer": "current", "image": {"file": "a.png", "alt": "x"},
                  "design_relevant": [{"text": "x", "why": "y"}], "goals": [{"text": "x"}]}],
    "hypotheses": [{"id": "h", "statement": "x", "threshold": "10"}],
    "kpis": [{"id": "k", "name": "K", "target": "50"}],
    "funding": [{"from": "A", "to": "B", "amount": 5, "currency": "EUR"}],
    "funding_rates": {"EUR": 1.1},
    "alignment": {"ratings": [{"rater": "r", "segment": "a", "item": "n", "value": 3, "round": 1}]},
}  # fmt: skip
NUMBERS = ("power", "share", "worth", "importance", "value", "amount", "EUR")
ODD = (
    2026, 1.5, 12.0, -3, 99, True, False, "yes", "no", "Yes", "on", "true", "8", "40%", "", "a b",
    "süd", "2026-01", "2026-01-05", None, [], ["a"], {}, {"a": 1},
)  # fmt: skip


def leaves(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, (*at, key))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from leaves(one, (*at, index))
    elif at[0] not in ("forwhom", "kind"):
        yield at


def with_value(at: tuple[Any, ...], value: object) -> dict[str, Any]:
    """The part of the canvas that holds a place, with another value there."""
    changed = copy.deepcopy({key: CANVAS[key] for key in ("forwhom", "kind", at[0])})
    holder: Any = changed
    for step in at[:-1]:
        holder = holder[step]
    holder[at[-1]] = value
    return changed


def read(data: dict[str, Any]) -> str:
    """Why the reader refuses a canvas; empty where it takes it, or where only a name is unknown."""
    try:
        parse_canvas(json.dumps(data))
    except DocumentError as error:
        missing = "there is no " in str(error) and "there is no framework" not in str(error)
        return "" if missing else str(error)
    return ""


def test_both_take_the_canvas_as_it_is() -> None:
    assert not list(VALIDATOR.iter_errors(CANVAS))
    assert not read(CANVAS)


@pytest.mark.parametrize("at", list(leaves(CANVAS)), ids=lambda at: ".".join(map(str, at)))
def test_schema_and_reader_say_the_same(at: tuple[Any, ...]) -> None:
    for value in ODD:
        data = with_value(at, value)
        taken = VALIDATOR.is_valid(data)
        said = read(data)
        assert taken == (not said), (value, said)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
@pytest.mark.parametrize(
    "at", [at for at in leaves(CANVAS) if at[-1] in NUMBERS], ids=lambda at: ".".join(map(str, at))
)
def test_no_number_takes_what_is_not_finite(at: tuple[Any, ...], value: float) -> None:
    data = with_value(at, value)
    written = json.dumps(data).replace("NaN", ".nan").replace("Infinity", ".inf")
    with pytest.raises(DocumentError):
        parse_canvas(written)
    assert not VALIDATOR.is_valid(data)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("needs: [{id: n, statement: S, importance: true}]", "is true. Expected a number."),
        ("needs: [{id: n, statement: S, importance: '8'}]", "is '8'. Expected a number. Take"),
        ("participants: [{id: p, name: P, veto: maybe}]", "'maybe'"),
        ("participants: [{id: p, name: P, veto: 1}]", "is 1. Expected true or false."),
    ],
)
def test_what_is_no_number_and_no_yes_is_said_with_its_place(line: str, said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_canvas(f"forwhom: 1\nkind: canvas\n{line}\n")
    assert said in str(caught.value)
    assert "canvas:3:" in str(caught.value)
