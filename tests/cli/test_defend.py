"""Whether segments can be defended, in a terminal: in the language of the canvas, or another."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from forwhom.cli.main import cli

SCALE = Path(__file__).parents[2] / "examples" / "coffee-bar" / "scale.json"
CANVAS = "forwhom: 1\nkind: canvas\nlanguage: de\nsegments:\n  - {id: a, name: Eltern}\n"


def told(*arguments: str) -> str:
    result = CliRunner().invoke(cli, ["defend", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ("Can we defend these bands?", "Question", "Answer", "open", "More: forwhom market"),
        ),
        ("de", ("Können wir diese Abschnitte vertreten?", "Frage", "Antwort", "offen", "Mehr: ")),
        ("ar", ("هل يمكننا الدفاع عن هذه النطاقات؟", "المزيد: ")),
    ],
)
def test_segments_are_told_of_in_the_language_that_is_asked_for(
    language: str, words: tuple[str, ...]
) -> None:
    text = told(str(SCALE), "--language", language)
    assert [one for one in words if one not in text] == []


def test_of_a_canvas_all_is_said_in_its_language(tmp_path: Path) -> None:
    canvas = tmp_path / "canvas.yaml"
    canvas.write_text(CANVAS, encoding="utf-8")
    text = told(str(canvas))
    assert "Frage" in text
    assert "Niemand hat Daten gefragt" in text
    assert "Question" in told(str(canvas), "--language", "en")
