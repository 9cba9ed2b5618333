"""Cells that no spreadsheet takes for formulas, and that come back as they were."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.documents.cells import as_it_was, harmless

SIGNS = st.sampled_from([*"=+-@;|,'\"\t\r\n a1", "\uff1d", "\uff0b", "\ufeff", "\u200b"])
STARTS = re.compile('[\\s\ufeff\u200b"]*[=+\\-@\uff1d\uff0b\uff0d\uff20]')

#: A text that begins with a quotation mark is no formula.
QUOTED = re.compile('[\\s\ufeff\u200b]*"')


@given(st.lists(SIGNS, max_size=9).map("".join))
@settings(max_examples=400)
def test_what_is_marked_comes_back_and_starts_no_formula(text: str) -> None:
    written = harmless(text)
    assert as_it_was(written) == text
    if not re.fullmatch(r"[-+]?\d+([.,]\d+)?", text):
        assert not STARTS.match(written) or QUOTED.match(written)
        # Where ';' separates the cells, a part of the text is a cell of its own.
        assert not any(STARTS.match(part) for part in written.split(";")[1:])


@pytest.mark.parametrize("number", ["-5", "+3,5", "1e-05", "-2.5E+3"])
def test_a_number_stays(number: str) -> None:
    assert harmless(number) == number
