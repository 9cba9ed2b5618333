"""Which form a suffix stands for."""

from __future__ import annotations

import pytest

from forwhom.errors import OptionError
from forwhom.suffixes import TABLES, YAML, ends_with, suffix_of, unknown_form


def test_capitals_and_compression_change_no_suffix() -> None:
    assert ends_with("Visits.CSV.gz", TABLES["CSV"])
    assert ends_with("canvas.yml", YAML)
    assert suffix_of("Board.PDF", ["svg", "pdf"]) == "pdf"


def test_a_form_that_nobody_knows() -> None:
    with pytest.raises(OptionError, match=r"ends with '.gif', .* Let it end with .svg or .pdf."):
        suffix_of("board.gif", ["svg", "pdf"])
    said = "There is no form 'gif' for this. Expected svg or png."
    assert str(unknown_form("gif", ["svg", "png"])) == said
