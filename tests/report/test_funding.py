"""Funding as people see it: the drawing, the page, the table of flows."""

import itertools
from pathlib import Path

import pytest

from forwhom.documents.results.funding import Funding
from forwhom.report.funding import flows_csv, funding_html, funding_text, sankey_svg
from forwhom.report.funding.nodes import OTHERS, diagram

from ..funders.activities import find  # noqa: TID252


@pytest.fixture
def crowd(tmp_path: Path) -> Funding:
    """Twenty givers with long names, one of them an attack, and unknown receivers."""
    name = "The Very Long Named <script>alert(1)</script> & Sons Foundation of the Republic "
    rows = "".join(f'"{name}{i}",{"Clinic " + str(i % 15) if i % 4 else ""},{1000 - i}\n'
                   for i in range(20))  # fmt: skip
    path = tmp_path / "flows.csv"
    path.write_text(f'from,to,amount\n{rows}"=cmd()",@SUM(A1),9\n')
    return find(path)


def test_the_drawing_keeps_names_apart_and_says_who_is_unknown(crowd: Funding) -> None:
    from lxml import etree

    root = etree.fromstring(sankey_svg(crowd, top=8).encode())
    space = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{space}title").text == "Who funds whom"
    assert "Givers on the left" in root.find(f"{space}desc").text
    columns: dict[str, list[float]] = {}
    for text in root.iter(f"{space}text"):
        columns.setdefault(text.get("x"), []).append(float(text.get("y")))
    for ys in columns.values():
        ys.sort()
        assert all(b - a >= 15 for a, b in itertools.pairwise(ys))
    height = float(root.get("height"))
    assert all(0 < y < height for ys in columns.values() for y in ys)
    words = [text.text for text in root.iter(f"{space}text")]
    assert "Receiver not named" in words
    assert "13 other organizations" in words
    assert not list(root.iter(f"{space}script"))


def test_bands_carry_all_the_money(crowd: Funding) -> None:
    for middle in ("", "sector", "country"):
        drawn = diagram(crowd, middle, top=4)  # type: ignore[arg-type]
        for bands in drawn.bands:
            assert sum(band.amount for band in bands) == pytest.approx(crowd.total)
        assert any(node.id == OTHERS for node in drawn.columns[0])
        assert [node.unknown for node in drawn.columns[-1]][-1]


def test_no_text_of_the_data_is_markup_or_a_formula(crowd: Funding) -> None:
    page = funding_html(crowd)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert page == funding_html(crowd)
    rows = flows_csv(crowd).splitlines()
    assert any(row.startswith("'=cmd(),'=cmd(),'@SUM(A1),'@SUM(A1),") for row in rows)
    text = funding_text(crowd)
    assert "Receiver not named" in text
    assert "donor:" in text
