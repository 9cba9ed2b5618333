"""How values, keys and cells are written and read."""

from __future__ import annotations

import pytest

from forwhom.documents.base import Document, expect
from forwhom.documents.cells import harmless, plain_minus
from forwhom.documents.jsonfile import parse_json
from forwhom.documents.phrases import in_small_letters
from forwhom.documents.segmentation import typical_text
from forwhom.documents.yamlfile import parse_yaml
from forwhom.documents.yamlwriting import dump_yaml, flow, key, scalar
from forwhom.errors import OptionError


def test_texts_that_yaml_would_read_as_something_else_are_quoted() -> None:
    values = ("household_id", "null", "2017", "a: b", 2.5, True, None)
    written = ["household_id", '"null"', '"2017"', '"a: b"', "2.5", "true", "null"]
    assert [scalar(value) for value in values] == written
    assert (key("on"), key("2017")) == ("on", '"2017"')


def test_what_fits_on_a_line_stands_on_one() -> None:
    variable = {"measure": "ordinal", "levels": ["18-24", "25-34"]}
    assert flow(variable) == '{measure: ordinal, levels: ["18-24", "25-34"]}'
    study = {"forwhom": 1, "variables": {"age": {"measure": "ordinal"}}}
    assert dump_yaml(study) == "forwhom: 1\nvariables:\n  age: {measure: ordinal}\n"


def test_no_and_days_are_texts() -> None:
    found = parse_yaml("a: [1, no, 2017-12-31]", "example.yaml").data
    assert found == {"a": [1, "no", "2017-12-31"]}
    assert parse_json('{"a": [1, null]}', "example.json", "a list").data == {"a": [1, None]}


def test_cells_of_a_spreadsheet() -> None:
    assert (harmless("=HYPERLINK(1)"), harmless("Fund")) == ("'=HYPERLINK(1)", "Fund")
    texts = ("\u2212 3,5", "2\u20133", "\u2013")
    assert [plain_minus(text) for text in texts] == ["-3,5", "2\u20133", "\u2013"]


def test_texts_of_people() -> None:
    assert in_small_letters("Teach my Kids") == ("Teach my Kids", "teach my kids")
    member = {"Visits": "8 a month", "Age": "45 to 54"}
    assert typical_text(member) == "Visits: 8 a month; Age: 45 to 54"


def test_something_else_than_a_document() -> None:
    with pytest.raises(OptionError, match=r"An alignment was expected, .* Give what forwhom.align"):
        expect(None, Document, "An alignment", "forwhom.align")
