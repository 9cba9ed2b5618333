"""What a job says while it works is said in the language of those who look at it."""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from tests.web.conftest import Client, Team

import forwhom
import forwhom as fw
from forwhom.languages.catalog import speaking
from forwhom.languages.retelling import retold

SOURCES = Path(forwhom.__file__).parent
#: Who looks at tables, and who finds and describes segments.
WORKING = (
    "customers/drafting.py", "customers/opening.py", "customers/preparation.py", "evidence",
    "mixture", "personas", "pipeline/describing.py", "pipeline/discovery.py",
    "pipeline/everybody.py", "pipeline/methods.py", "web/server/worker.py",
)  # fmt: skip
TELLING = ("progress", "tell", "_tell", "say", "fitting", "told")


def said() -> Iterator[str]:
    """Yield every word of progress in the sources, with a word in each place."""
    for name in WORKING:
        place = SOURCES / name
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _name(node.func) in TELLING:
                    yield from filter(None, map(_words, node.args[:2]))


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _words(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_said_of, node.values))
    return ""


def _said_of(part: ast.expr) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    assert isinstance(part, ast.FormattedValue)
    return {"self.parts": "7 segments", "parts": "7 segments", "starts": "7 starts"}.get(
        ast.unparse(part.value), "7 segments" if "count(" in ast.unparse(part.value) else "7"
    )


@pytest.mark.parametrize("language", ["de", "ar"])
def test_nothing_that_a_job_says_stays_english(language: str) -> None:
    words = sorted(set(said()))
    assert len(words) > 25
    with speaking(language):
        told = {one: retold(one) for one in words}
    assert [one for one, other in told.items() if other is None or other == one] == []


def test_what_stands_in_it_stays() -> None:
    with speaking("de"):
        assert retold("4 segments: trying 20 more starts") == "4 Segmente: 20 weitere Anfänge"
        assert retold("1 segment: trying 1 start") == "1 Segment: 1 Anfang"
        assert retold("1 segment: done") == "1 Segment: fertig"
        assert retold("reading the tables of {x}.csv") == "liest the tables of {x}.csv"
        assert retold("somebody's words") is None
    assert retold("something else") == "something else"


def test_the_page_says_it_in_the_language_of_the_browser(client: Client, team: Team) -> None:
    data = team.parts.datasets.create(team.place, team.who, [("a.csv", io.BytesIO(b"a\n1\n"))])
    key = team.parts.jobs.ask(team.place, data, "look", team.who, {})
    team.parts.jobs.claim()
    team.parts.jobs.beat(key, 0.5, "reading a.csv")
    german = {"accept-language": "de"}
    path = f"/w/{team.place}/data/{data}"
    assert "liest a.csv" in client.get(path, headers=german).text
    team.parts.jobs.fail(key, "a.csv has 9,000 rows.", "Nobody translated this.")
    page = client.get(path, headers=german).text
    assert "a.csv hat 9.000 Zeilen." in page
    assert '<span lang="en" dir="ltr">Nobody translated this.</span>' in page


def test_one_segment_is_one_in_what_the_engine_says() -> None:
    rng, told = np.random.default_rng(1), set[str]()
    rows = pa.table({"x": rng.normal(size=80), "y": rng.normal(size=80)})
    fw.discover(rows, k=1, n_starts=1, stability=0, progress=lambda words, _: told.add(words))
    assert "1 segment: running every start" in told
    assert not [one for one in told if "1 segments" in one]
