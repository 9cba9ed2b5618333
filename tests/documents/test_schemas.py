from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from forwhom.documents import (
    canvas_schema,
    framework_schema,
    plan_schema,
    schema_text,
    segmentation_schema,
    study_schema,
)
from forwhom.documents.studyfile import parse_study
from forwhom.documents.yamlfile import parse_yaml

SCHEMAS = Path(__file__).parents[2] / "schemas"

STUDY = """
forwhom: 1
title: Grocery households, 2017
customers: {table: demographics.parquet, id: household_id}
events:
  - {table: transactions.parquet, customer: household_id, time: transaction_timestamp,
     amount: sales_value, order: basket_id, category: [department], channel: store_id,
     cutoff: 2017-12-31}
variables:
  age:            {basis: demographic, measure: ordinal}
  recency_days:   {basis: behavioral, measure: positive, from: events}
  support_calls:  {basis: behavioral, measure: count, use: descriptor, criterion: relationship}
  gender:         {basis: demographic, measure: nominal, use: protected}
"""


@pytest.mark.parametrize(
    ("file", "schema"),
    [
        ("study.schema.json", study_schema()),
        ("segmentation.schema.json", segmentation_schema()),
        ("canvas.schema.json", canvas_schema()),
        ("framework.schema.json", framework_schema()),
        ("plan.schema.json", plan_schema()),
    ],
)
def test_the_published_schema_is_that_of_the_models(file: str, schema: dict[str, Any]) -> None:
    text = (SCHEMAS / file).read_text(encoding="utf-8")
    assert text == schema_text(schema), f"write schemas/{file} again from schema_text()"
    jsonschema.Draft202012Validator.check_schema(json.loads(text))
    assert "$id" not in schema


def errors(text: str) -> list[str]:
    validator = jsonschema.Draft202012Validator(study_schema())
    return [error.message for error in validator.iter_errors(parse_yaml(text, "x").data)]


def test_a_sound_study_is_sound_for_an_editor_too() -> None:
    assert errors(STUDY) == []
    parse_study(STUDY)


@pytest.mark.parametrize(
    "line",
    ["tittle: x", "variables: {age: {measure: ordnal}}", "customers: {id: x}", "forwhom: 2"],
)
def test_an_editor_finds_mistakes(line: str) -> None:
    key = line.split(":", maxsplit=1)[0]
    lines = ["forwhom: 1", "customers: {table: x}"]
    text = "\n".join([one for one in lines if not one.startswith(f"{key}:")] + [line])
    assert len(errors(text)) == 1


@pytest.mark.parametrize("schema", [study_schema(), canvas_schema(), framework_schema()])
def test_every_key_says_what_it_is_for(schema: dict[str, Any]) -> None:
    # An interval is of the segmentation, and its keys say what they are.
    parts = {k: v for k, v in schema["$defs"].items() if k != "Interval"}
    for name, part in {**parts, schema["title"]: schema}.items():
        for key, said in part["properties"].items():
            assert said.get("description"), f"{name}.{key}"
