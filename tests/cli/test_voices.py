"""`forwhom voices` and `forwhom market`: what they print and write."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest
from click.testing import CliRunner

import forwhom as fw
from forwhom.cli.main import cli
from forwhom.texts import known_languages

SAID = ("The till is too slow, order", "It is easy and quick to order, visit")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place, rng = tmp_path_factory.mktemp("voices"), np.random.default_rng(4)
    kind = np.arange(120) % 2
    people = pa.table(
        {"id": np.arange(120), "x": rng.normal(8.0 * kind), "y": rng.normal(8.0 * kind)}
    )
    fw.discover(people, method="kmeans", k=2).save(place / "run")
    texts = [f"{SAID[k]} {i}. Kevin says secret{i}" for i, k in enumerate(kind)]
    pyarrow.csv.write_csv(pa.table({"id": np.arange(120), "said": texts}), place / "texts.csv")
    pyarrow.csv.write_csv(
        pa.table({"rider": [f"r{i // 3}" for i in range(300)], "driver": np.arange(300) % 30}),
        place / "rides.csv",
    )
    return place


def run(folder: Path, command: str, code: int = 0) -> str:
    words = [w.replace("@", f"{folder}/") for w in command.split()]
    done = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


def test_voices_tell_and_propose_and_quote(folder: Path) -> None:
    run(folder, "canvas seed @run -o @canvas.yaml")
    asked = "voices @run @texts.csv --text said --canvas @canvas.yaml --quotes @quotes.csv --quiet"
    said = run(folder, asked)
    assert "Pains" in said
    assert "Gains" in said
    assert "2 proposals, each for you to judge" in " ".join(said.split())
    assert "secret" not in said + (folder / "canvas.yaml").read_text()
    assert "kevin" not in said.lower()
    assert "secret" in (folder / "quotes.csv").read_text()
    assert "exists already" in run(folder, asked, 2)
    again = json.loads(run(folder, f"{asked} --force --json"))
    assert again["proposed"]["added"] == []
    assert "secret" not in json.dumps(again)


def test_voices_speak_the_language_of_the_canvas(folder: Path) -> None:
    run(folder, "canvas seed @run -o @ours.yaml")
    (folder / "ours.yaml").write_text((folder / "ours.yaml").read_text() + "language: ar\n")
    asked = "voices @run @texts.csv --text said --quiet -o @page.html --force"
    said = run(folder, f"{asked} --canvas @ours.yaml")
    assert "لا شيء" in said or "المعاناة" in said
    assert "\\u2068" not in said
    assert 'lang="ar" dir="rtl"' in (folder / "page.html").read_text()
    assert "Ärgernisse" in run(folder, f"{asked} --canvas @ours.yaml --told-in de")
    assert 'lang="de" dir="ltr"' in (folder / "page.html").read_text()


def test_every_language_with_word_lists_can_be_asked_for() -> None:
    option = next(p for p in cli.commands["voices"].params if p.name == "language")
    assert tuple(option.type.choices) == known_languages()


def test_the_market_is_told_in_words_and_as_json(folder: Path) -> None:
    assert "we cannot tell" in run(folder, "market @run")
    told = json.loads(
        run(folder, "market @run --interactions @rides.csv --sides rider driver --json")
    )
    assert (told["type"], told["sides"]["verdict"]) == ("multi-sided", "yes")
    assert "go together" in run(folder, "market @run --interactions @rides.csv", 2)
