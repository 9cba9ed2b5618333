"""Pictures of personas: only from the canvas's folder, only pictures; shares are drawn, no face."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

import pytest

from forwhom.documents.canvas import Canvas, parse_canvas, read_canvas
from forwhom.documents.canvas.pictures import LARGEST, picture_kind
from forwhom.documents.canvas.suspects import fingerprint_of
from forwhom.errors import DocumentError, ForwhomError
from forwhom.report.canvas.sections import sections_of
from forwhom.report.canvas.writing import draw_canvas

SEGMENT = "{id: s, name: Shops, size: {share: 0.34, low: 0.31, high: 0.37}}"
EVIDENCE = "{id: talks, statement: They do it at night., n: 8, count: 6}"


def png(width: int = 2, height: int = 2) -> bytes:
    """A whole picture in one color."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x60\x80\xa0" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def written(folder: Path, persona: str) -> Canvas:
    """A canvas in a folder, with one persona."""
    path = folder / "canvas.yaml"
    path.write_text(
        f"forwhom: 1\nkind: canvas\nsegments: [{SEGMENT}]\nevidence: [{EVIDENCE}]\n"
        f"personas:\n  - {{id: p, name: Late, segment: s, {persona}}}\n",
        encoding="utf-8",
    )
    return read_canvas(path)


def test_a_photo_stands_inside_the_page_with_its_words(tmp_path: Path) -> None:
    (tmp_path / "desk.png").write_bytes(png())
    canvas = written(
        tmp_path,
        "image: {file: desk.png, alt: A desk, source: A visit, license: CC0}, "
        "world: [{file: desk.png}]",
    )
    page = str(draw_canvas(canvas, "html"))
    assert page.count('src="data:image/png;base64,') == 2
    assert 'alt="A desk"' in page
    assert "A visit, CC0" in page
    assert "Source not said, license not said" in page
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert "default-src &#39;none&#39;; img-src data:; style-src" in policy[1]
    pytest.importorskip("typst")
    assert str(draw_canvas(canvas, "md")).count("desk.png") == 2
    assert len(draw_canvas(canvas, "pdf")) > 1000


def test_a_page_without_photos_allows_none(tmp_path: Path) -> None:
    page = str(draw_canvas(written(tmp_path, "claims: [{text: Late, evidence: [talks]}]"), "html"))
    assert "img-src" not in page
    assert "<img" not in page


def test_shares_are_drawn_from_size_and_counts_that_claims_cite(tmp_path: Path) -> None:
    canvas = written(tmp_path, "claims: [{text: Late, evidence: [talks]}]")
    (section,) = [one for one in sections_of(canvas) if one.id == "personas"]
    size, talks = section.entries[0].pictures
    assert size.caption == "34% (31% to 37%) of all are in this segment"
    assert talks.caption == "6 of 8: They do it at night."
    # Ten figures stand for all, and a part of one is cut; of eight people, eight are drawn.
    assert (size.content.count(b"<circle"), size.content.count(b"<clipPath")) == (10 + 4, 1)
    assert (talks.content.count(b"<circle"), talks.content.count(b"<clipPath")) == (8 + 6, 0)
    assert b"<image" not in size.content + talks.content


def test_nothing_is_drawn_of_what_nobody_counted(tmp_path: Path) -> None:
    text = "forwhom: 1\nkind: canvas\nsegments: [{id: s, name: Shops}]\n"
    more = "evidence: [{id: e, statement: Often., n: 8, value: 0.5}]\npersonas:\n"
    persona = "  - {id: p, name: Late, segment: s, claims: [{text: Late, evidence: [e]}]}\n"
    (section,) = [s for s in sections_of(parse_canvas(text + more + persona)) if s.id == "personas"]
    assert section.entries[0].pictures == ()


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("../secret.png", png(), "outside of the folder"),
        ("none.png", None, "there is no file"),
        ("text.png", b"PNG? no", "no whole picture"),
        ("cut.png", png()[:-9], "no whole picture"),
        ("drawn.svg", b"<svg onload='alert(1)'/>", "no whole picture"),
        ("large.png", png() + b"\0" * LARGEST, "8.0 MB"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused(
    tmp_path: Path, file: str, content: bytes | None, said: str
) -> None:
    home = tmp_path / "canvas"
    home.mkdir()
    if content is not None:
        (home / file).write_bytes(content)
    canvas = written(home, f"image: {{file: {file}}}")
    with pytest.raises(ForwhomError, match=said) as caught:
        draw_canvas(canvas, "html")
    assert "canvas.yaml:6:" in str(caught.value)


def test_a_canvas_in_memory_reads_no_file() -> None:
    text = f"forwhom: 1\nkind: canvas\nsegments: [{SEGMENT}]\npersonas:\n"
    canvas = parse_canvas(f"{text}  - {{id: p, name: Late, segment: s, image: {{file: a.png}}}}\n")
    page = str(draw_canvas(canvas, "html"))
    assert "<img" not in page
    assert "a.png, Source not said, license not said" in page


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (png(), "png"),
        (b"\xff\xd8\xff\xe0" + b"x" * 99 + b"\xff\xd9", "jpg"),
        (b"\xff\xd8\xff\xe0" + b"x" * 99, None),
        (b"RIFF" + struct.pack("<I", 8) + b"WEBPVP8 ", "webp"),
        (b"RIFF" + struct.pack("<I", 80) + b"WEBPVP8 ", None),
        (b"GIF89a", None),
        (b"", None),
    ],
)
def test_a_picture_is_known_by_its_bytes(content: bytes, kind: str | None) -> None:
    assert picture_kind(content) == kind


def test_evidence_without_a_count_keeps_its_fingerprint() -> None:
    def evidence(more: str) -> Canvas:
        return parse_canvas(
            f"forwhom: 1\nkind: canvas\nevidence: [{{id: e, statement: A.{more}}}]\n"
        )

    bare, counted = (fingerprint_of(evidence(m).evidence[0]) for m in ("", ", n: 8, count: 6"))
    assert bare == "abec0d6c91dc2dc6"
    assert counted != fingerprint_of(evidence(", n: 8").evidence[0])


def test_errors_are_those_of_documents(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no")
    with pytest.raises(DocumentError):
        draw_canvas(written(tmp_path, "image: {file: a.png}"), "html")
