"""A canvas in Arabic on pages in Arabic: nothing of ours is said in Latin letters."""

from __future__ import annotations

import json
from collections import deque

import lxml.html
import pytest
from tests.report.test_one_language import NAMES, PHRASE, in_arabic
from tests.web.canvas.test_links import kind, links
from tests.web.conftest import EXAMPLES, Client, Team

from forwhom.documents.canvas import parse_canvas

#: What is typed or read as it stands: addresses, keys and commands; API and names of programs.
AS_IT_STANDS = " or ".join(
    f"ancestor::{tag}" for tag in ("code", "pre", "script", "style", "textarea")
)
#: Places of one kind are looked at this often.
OFTEN = 2


@pytest.mark.parametrize("name", ["clinic-notes", "penny-path"])
def test_no_page_of_a_canvas_mixes_languages(client: Client, team: Team, name: str) -> None:
    path = EXAMPLES / name / "canvas.yaml"
    files = {one.name: one.read_bytes() for one in path.parent.glob("*.csv")}
    said = parse_canvas(path.read_text(encoding="utf-8"), str(path))
    data = said.model_dump(by_alias=True, exclude_defaults=True, mode="json")
    text = json.dumps(in_arabic(data) | {"language": "ar"}, ensure_ascii=False)
    key = team.parts.canvases.create(team.place, team.who, text, files).document
    start = f"/w/{team.place}/canvas/{key}"
    seen, ahead, met, mixed = {start}, deque([start]), dict[str, int](), set[tuple[str, str]]()
    while ahead:
        at = ahead.popleft()
        answer = client.get(at, headers={"accept-language": "ar"})
        if answer.status_code != 200 or not answer.text.lstrip().startswith("<"):
            continue
        tree = lxml.html.fromstring(answer.text)
        for node in tree.xpath(f"//text()[normalize-space() and not({AS_IT_STANDS})]"):
            found = PHRASE.search(NAMES.sub("", " ".join(str(node).split())))
            if found:
                mixed.add((kind(at), " ".join(str(node).split())[:200]))
        for one in links(at, answer.text):
            met[kind(one)] = met.get(kind(one), 0) + (one not in seen)
            if one.startswith(start) and one not in seen and met[kind(one)] <= OFTEN:
                ahead.append(one)
            seen.add(one)
    assert len(seen) > 60
    assert mixed == set()
