"""Funding as people see it: the drawing, the page, the table of flows."""

import itertools
import re
from pathlib import Path

import pytest

from forwhom.documents.results.funding import Funding
from forwhom.errors import OptionError
from forwhom.funders.economy import propose_economy
from forwhom.funders.proposals import propose_participants
from forwhom.languages.catalog import messages, speaking
from forwhom.pipeline.funding import funding
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


@pytest.mark.parametrize(
    ("code", "said", "side"),
    [("de", "Wer wen finanziert", "ltr"), ("ar", "من يموّل من", "rtl")],
)
def test_everything_is_told_in_the_language_that_is_asked_for(
    tmp_path: Path, code: str, said: str, side: str
) -> None:
    path = tmp_path / "flows.csv"
    path.write_text(
        "from,to,amount,until,sector,country,earmarked\nA,B,300,2027-12-31,Health,Kenya,yes\n"
        "A,,-20,,Health,XK,no\nC,B,10,,Own words,998,\n"
    )
    found = funding(path, today="2026-11-25", language=code)
    assert found.language == code
    page = funding_html(found, middle="country")
    assert f'lang="{code}" dir="{side}"' in page
    assert f"<title>{said}</title>" in page
    ours = {m for m in english() if len(m) > 4 and m not in ("Health", "earmarked")}
    for text in (page, funding_text(found), sankey_svg(found, middle="sector")):
        words = re.sub(r"<style>.*?</style>|<[^>]*>", "\n", text, flags=re.DOTALL)
        lines = {line.strip() for line in words.splitlines()} - {"Own words"}
        assert not lines & ours
        assert not re.search(r"\b(the|of|and|is|not|money|from)\b", words), words
    # What programs read is the same in every language.
    assert flows_csv(found) == flows_csv(funding(path, today="2026-11-25"))
    assert (found.by_country[0].name, found.by_sector[0].name) == ("Kenya", "Health")
    names = {"de": ("Kenia", "Gesundheit"), "ar": ("كينيا", "الصحة")}[code]
    assert all(name in page for name in names)
    assert "Own words" in page


def english() -> set[str]:
    """Return what the catalog of German translates."""
    with speaking("de"):
        return {english for english, said in messages().items() if english != said}


def test_the_language_of_the_canvas_is_spoken_and_another_may_be_asked_for(tmp_path: Path) -> None:
    canvas = tmp_path / "canvas.yaml"
    canvas.write_text(
        "forwhom: 1\nkind: canvas\nlanguage: ar\n"
        "funding: [{from: Harbor Fund, to: Clinics, amount: 5, until: 2027-03-31}]\n"
    )
    found = funding(canvas, today="2026-11-25")
    assert found.language == "ar"
    assert "الربع 1 من 2027" in found.cliff.statement
    assert 'dir="rtl"' in funding_html(found)
    assert "2027-Q1" in funding(canvas, today="2026-11-25", language="en").cliff.statement
    with pytest.raises(OptionError, match="Expected one of: ar, de, en"):
        funding(canvas, language="fr")


def test_what_is_proposed_is_written_in_the_language_of_the_canvas(tmp_path: Path) -> None:
    canvas = tmp_path / "canvas.yaml"
    canvas.write_text("forwhom: 1\nkind: canvas\nlanguage: de\n")
    flows = tmp_path / "flows.csv"
    flows.write_text("from,to,amount,sector,earmarked\nHarbor Fund,Clinics,500,Health,yes\n")
    found = funding(flows, today="2026-11-25")
    text, (fund, _) = propose_participants(found, canvas)
    assert fund.reason == "Harbor Fund ist Geldgeber: gab 500 USD, das meiste davon für Gesundheit."
    assert "niemand hat ihn bestätigt" in text
    assert "100 % des Geldes sind zweckgebunden" in propose_economy(found, canvas)[0]
