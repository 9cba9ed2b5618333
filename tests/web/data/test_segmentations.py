"""Segmentations in a workspace: the answer, its report and files, names, members, and canvases."""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from tests.web.conftest import EXAMPLES, Client, Team, take_segmentation

from forwhom.documents.defense import defense_of_segmentation
from forwhom.errors import ForwhomError
from forwhom.languages.catalog import WHOLE, speaking
from forwhom.report.segmentation import FORMS, summary_text
from forwhom.web.canvas.taking import take_in
from forwhom.workspace.people import Role

AsRole = Callable[[Role | None], Client]
GROUPS = EXAMPLES / "coffee-bar" / "groups.json"


@pytest.fixture
def groups(team: Team) -> str:
    return take_segmentation(team)


def path(team: Team, key: str) -> str:
    return f"/w/{team.place}/segmentation/{key}"


@pytest.mark.parametrize(("language", "asked", "structure"), [
    ("en", "Can we defend these segments?", "Is there structure?"),
    ("de", "Können wir diese Segmente vertreten?", "Gibt es Gruppen?"),
    ("ar", "هل يمكننا الدفاع عن هذه الشرائح؟", "هل هناك بنية؟"),
])  # fmt: skip
def test_the_answer_comes_first_then_whether_it_can_be_defended(
    client: Client, team: Team, groups: str, language: str, asked: str, structure: str
) -> None:
    text = client.get(path(team, groups), headers={"accept-language": language}).text
    found = team.parts.segmentations.head(groups).segmentation
    with speaking(language):
        answer, defense = found.answer, defense_of_segmentation(found)
    assert text.index(answer.headline) < text.index(asked)
    assert structure in text
    said = (*answer.sentences, *(one.why for one in defense.questions))
    assert [one for one in said if one not in html.unescape(text)] == []
    assert text.count('lang="en"') == (language == "en")
    assert f'href="{path(team, groups)}"' in client.get(f"/w/{team.place}").text


def test_names_and_numbers_stand_apart_where_people_read_from_the_right(
    client: Client, team: Team
) -> None:
    scale = (EXAMPLES / "coffee-bar" / "scale.json").read_text("utf-8")
    key = team.parts.segmentations.create(team.place, team.who, scale).document
    text = client.get(path(team, key), headers={"accept-language": "ar"}).text
    assert '<bdi dir="auto">«Visits a month»</bdi>' in text
    assert '<bdi dir="ltr">$10</bdi>' in text


def test_what_it_is_called_in_lists_is_in_no_readers_language(client: Client, team: Team) -> None:
    unnamed = json.loads(GROUPS.read_text("utf-8")) | {"title": ""}
    with speaking("de"):
        made = team.parts.segmentations.create(team.place, team.who, json.dumps(unnamed))
        assert made.title == "Two clear groups among 1,200 customers, in three segments"
    text = client.get(path(team, made.document), headers={"accept-language": "de"}).text
    assert "<h1><bdi>2 klare Gruppen unter 1.200 Kunden (3 Segmente)</bdi></h1>" in text


def test_the_report_may_use_its_own_style_and_nothing_else(
    client: Client, team: Team, groups: str
) -> None:
    answer = client.get(f"{path(team, groups)}/report")
    style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert style is not None
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")
    assert policy.endswith("frame-ancestors 'none'")


@pytest.mark.parametrize(("language", "opens", "said"), [
    ("de", '<html lang="de" dir="ltr">', "Was die Segmente abhebt"),
    ("ar", '<html lang="ar" dir="rtl">', "ما يميز الشرائح"),
    ("fr", '<html lang="en">', "What sets the segments apart"),
])  # fmt: skip
def test_the_report_and_its_files_are_in_the_language_of_the_page(
    client: Client, team: Team, groups: str, language: str, opens: str, said: str
) -> None:
    asked = {"accept-language": language}
    for place in ("report", "file/html"):
        made = client.get(f"{path(team, groups)}/{place}", headers=asked).text
        assert opens in made
        assert said in made
    known = team.parts.segmentations.head(groups).segmentation
    spoken = language if language in WHOLE else None
    text = client.get(f"{path(team, groups)}/file/txt", headers=asked).text
    assert text == summary_text(known, language=spoken)
    for form in ("md", "csv", "pptx"):
        made = client.get(f"{path(team, groups)}/file/{form}", headers=asked).content
        expected = FORMS.made(known, form, language=spoken)
        assert made == (expected if isinstance(expected, bytes) else expected.encode())


@pytest.mark.parametrize(("form", "begins"), [
    ("json", GROUPS.read_bytes()[:50]), ("html", b"<!DOCTYPE html>"), ("pptx", b"PK"),
    ("pdf", b"%PDF"), ("csv", b"\xef\xbb\xbfSegment,"),
    ("txt", b"A coffee bar"), ("md", b"# A coffee bar"),
])  # fmt: skip
def test_it_is_a_file_in_each_form(
    client: Client, team: Team, groups: str, form: str, begins: bytes
) -> None:
    answer = client.get(f"{path(team, groups)}/file/{form}")
    assert answer.content.lstrip().startswith(begins)
    assert "attachment" in answer.headers["content-disposition"]


def test_a_form_that_is_none_is_not_there(client: Client, team: Team, groups: str) -> None:
    assert client.get(f"{path(team, groups)}/file/exe").status_code == 404


def test_a_name_is_given_and_follows_from_the_log_alone(
    client: Client, team: Team, groups: str
) -> None:
    before = team.parts.segmentations.head(groups)
    sent = {"segment": 1, "version": before.number, "name": "  Regulars  "}
    assert client.submit(f"{path(team, groups)}/rename", **sent).status_code == 204
    after = team.parts.segmentations.head(groups)
    assert after.segmentation.segments[0].name == "Regulars"
    team.parts.segmentations._parsed.clear()
    assert team.parts.segmentations.at(groups, after.number).text == after.text
    assert team.parts.segmentations.at(groups, before.number).text == GROUPS.read_text("utf-8")
    assert team.who.name in client.get(path(team, groups)).text


def test_whoever_names_what_another_just_named_is_told(
    client: Client, team: Team, groups: str
) -> None:
    seen = team.parts.segmentations.head(groups).number
    client.submit(f"{path(team, groups)}/rename", segment=1, version=seen, name="Regulars")
    second = client.submit(f"{path(team, groups)}/rename", segment=1, version=seen, name="Daily")
    assert second.status_code == 409
    assert "Regulars" in second.text
    assert "Daily" in second.text
    other = client.submit(f"{path(team, groups)}/rename", segment=2, version=seen, name="Daily")
    assert other.status_code == 204
    names = [one.name for one in team.parts.segmentations.head(groups).segmentation.segments]
    assert names[:2] == ["Regulars", "Daily"]


def upload(client: Client, team: Team, content: bytes) -> object:
    headers = {"x-secret": client.secret("/sign-in")}
    files = {"file": ("segmentation.json", content)}
    return client.post(f"/w/{team.place}/segmentations", files=files, headers=headers)


def test_a_file_is_taken_in_and_what_is_none_is_refused_in_words(
    client: Client, team: Team
) -> None:
    answer = upload(client, team, GROUPS.read_bytes())
    assert answer.status_code == 303  # type: ignore[attr-defined]
    for content, said in (
        (b"\xff\xfe\x00", "no text"),
        (b"{}", "segmentation"),
        (b"[", "too early"),
    ):
        refused = upload(client, team, content)
        assert refused.status_code == 422  # type: ignore[attr-defined]
        assert said in refused.text  # type: ignore[attr-defined]


def test_a_folder_brings_segmentations_each_once_and_no_rows(team: Team) -> None:
    said: list[str] = []
    for _ in range(2):
        take_in(team.parts, team.place, team.who, EXAMPLES / "coffee-bar", said.append)
    kinds = [one.kind for one in team.parts.documents.listed(team.place)]
    assert kinds.count("segmentation") == 2
    assert len(said) == 2


def test_a_folder_brings_canvases_under_any_name_and_says_what_it_leaves_out(
    team: Team, tmp_path: Path
) -> None:
    texts = {
        "mine.yaml": "forwhom: 1\nkind: canvas\ntitle: Mine\n",
        "flow.YML": "{forwhom: 1, 'kind': 'canvas', title: Flow}\n",
        "broken.yaml": "forwhom: 1\nkind: canvas\nsegmnts: []\n",
        "study.yaml": "forwhom: 1\nkind: study\n",
        "two/canvas.yaml": "forwhom: 1\nkind: canvas\ntitle: Two\n",
        "two/other.yaml": "forwhom: 1\nkind: canvas\ntitle: Other\n",
    }
    folder = tmp_path / "canvases"
    (folder / "two").mkdir(parents=True)
    for name, text in texts.items():
        (folder / name).write_text(text)
    said: list[str] = []
    take_in(team.parts, team.place, team.who, folder, said.append)
    titles = {one.title for one in team.parts.documents.listed(team.place)}
    assert {"Mine", "Flow", "Two"} <= titles
    assert "Other" not in titles
    left = [line.removeprefix(f"Left out {folder}/") for line in said if "Left out" in line]
    assert [line.partition(":")[0] for line in left] == ["broken.yaml", "two/other.yaml"]
    assert "'segmnts'" in left[0]
    assert "The canvas of its folder is canvas.yaml." in left[1]


def test_a_canvas_is_seeded_and_brought_up_to_date_in_the_history(
    client: Client, team: Team, groups: str
) -> None:
    made = client.submit(f"{path(team, groups)}/seed").headers["hx-redirect"]
    key = made.rpartition("/")[2]
    canvas = team.parts.canvases.head(key).canvas
    assert [one.discovered for one in canvas.segments] == [1, 2, 3]
    client.submit(f"{path(team, groups)}/seed", canvas=team.canvas)
    head = team.parts.canvases.head(team.canvas)
    assert {1, 2} <= {one.discovered for one in head.canvas.segments}
    assert team.parts.canvases.events(team.canvas)[-1].kind == "seeded"
    team.parts.canvases.undo(team.canvas, team.who)
    assert not any(s.discovered for s in team.parts.canvases.head(team.canvas).canvas.segments)


def test_segments_that_are_numbered_anew_are_seeded_only_where_a_person_says_so(
    client: Client, team: Team, groups: str
) -> None:
    scale = (EXAMPLES / "coffee-bar" / "scale.json").read_text("utf-8")
    other = team.parts.segmentations.create(team.place, team.who, scale).document
    client.submit(f"{path(team, groups)}/seed", canvas=team.canvas)
    refused = client.submit(f"{path(team, other)}/seed", canvas=team.canvas)
    assert refused.status_code == 422
    assert "need not be segment 1" in refused.text
    sent = {"canvas": team.canvas, "same": "on"}
    assert client.submit(f"{path(team, other)}/seed", **sent).status_code == 204


def test_only_owners_have_who_belongs_where_and_it_is_really_deleted(
    team: Team, as_role: AsRole
) -> None:
    key = take_segmentation(team, b"PAR1 rows")
    editor, owner = as_role(Role.EDITOR), as_role(Role.OWNER)
    assert editor.get(f"{path(team, key)}/members").status_code == 403
    assert owner.get(f"{path(team, key)}/members").content == b"PAR1 rows"
    assert owner.submit(f"{path(team, key)}/members/delete").status_code == 204
    assert team.parts.segmentations.members(key) is None
    assert team.parts.segmentations.events(key)[-1].kind == "members deleted"


def test_another_workspace_does_not_reach_it(client: Client, team: Team, groups: str) -> None:
    elsewhere = team.parts.people.new_workspace("Elsewhere", team.who)
    assert client.get(f"/w/{elsewhere}/segmentation/{groups}").status_code == 404
    assert client.get(f"/w/{team.place}/segmentation/{team.canvas}").status_code == 404


def test_a_segmentation_whose_numbers_contradict_is_refused(team: Team) -> None:
    data = json.loads(GROUPS.read_text("utf-8"))
    data["segments"][0]["share"] = 7
    with pytest.raises(ForwhomError):
        team.parts.segmentations.create(team.place, team.who, json.dumps(data))


def test_a_german_team_reads_proposed_names_and_seeds_a_german_canvas(
    client: Client, team: Team
) -> None:
    groceries = (EXAMPLES / "complete-journey" / "segmentation.json").read_text("utf-8")
    key = team.parts.segmentations.create(team.place, team.who, groceries).document
    client.headers["accept-language"] = "de"
    text = client.get(path(team, key)).text
    assert 'value="Kauft oft, große Bestellungen"' in text
    assert "Frequent, big orders" not in text
    # Who leaves the name as it was proposed has given none.
    seen = team.parts.segmentations.head(key)
    sent = {"segment": 1, "version": seen.number, "name": "Kauft oft, große Bestellungen"}
    assert client.submit(f"{path(team, key)}/rename", **sent).status_code == 204
    assert team.parts.segmentations.head(key).text == seen.text
    made = client.submit(f"{path(team, key)}/seed", framework="lean-canvas")
    canvas = team.parts.canvases.head(made.headers["hx-redirect"].rpartition("/")[2]).canvas
    assert (canvas.language, canvas.segments[0].name) == ("de", "Kauft oft, große Bestellungen")
    assert canvas.segments[0].open_questions[0] == "Welche Aufgabe wollen sie erledigen?"
