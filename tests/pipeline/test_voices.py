"""From texts to what sets segments apart, and to needs in a canvas."""

import dataclasses
import json
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import forwhom as fw
from forwhom.documents import Segmentation
from forwhom.documents.canvas import parse_canvas
from forwhom.documents.results.voices import Rating, Said
from forwhom.documents.segmentation import Interval
from forwhom.documents.telling import told_segmentation
from forwhom.errors import DataError, OptionError
from forwhom.languages.catalog import speaking
from forwhom.languages.retelling import told
from forwhom.pipeline.voices import Heard

N = 240
SLOW = ("The till is too slow and I waited.", "Waiting at the till takes forever, too slow.")
EASY = ("Ordering is easy and quick.", "It is so easy to order, I love it.")
REST = (
    "The shop was open as always.",
    "We came by and it rained a lot.",
    "My visit was as expected.",
)


def people() -> pa.Table:
    often = np.arange(N) % 2 == 1
    rng = np.random.default_rng(3)
    asked = {f"need_{i}": rng.normal(np.where(often, 8.0, 2.0)) for i in range(3)}
    return pa.table({"id": [f"c{i:03d}" for i in range(N)], **asked})


def reviews(seed: int = 1) -> pa.Table:
    """Half of those with needs say that ordering is easy, half of the others that it is slow."""
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(N):
        kind = (SLOW, EASY)[i % 2] if rng.random() < 0.5 else REST
        text = f"{kind[int(rng.integers(len(kind)))]} Visit {i}, secret{i}"
        rows.append({"id": f"c{i:03d}", "review": text, "stars": 2 if kind is SLOW else 5})
    return pa.Table.from_pylist(rows)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("voices") / "run"
    fw.discover(people(), method="kmeans", k=2).save(place)
    return place


@pytest.fixture(scope="module")
def heard(folder: Path) -> Heard:
    return fw.find_voices(folder, reviews(), text="review", satisfaction="stars", scale=(1, 5))


def test_each_segment_says_what_it_says(folder: Path, heard: Heard) -> None:
    voices = heard.voices
    slow, easy = sorted(voices.segments, key=lambda one: "easy" in str(one.sayings))
    assert {one.tone for one in slow.sayings} == {"pain"}
    assert {one.tone for one in easy.sayings} == {"gain"}
    assert "slow" in str(slow.sayings)
    assert all(0.3 < one.share < 0.7 for one in slow.sayings)
    assert slow.sayings[0].others is None
    assert slow.sayings[0].satisfaction is not None
    assert slow.sayings[0].satisfaction.mean == 2.5
    assert easy.sayings[0].satisfaction is not None
    assert easy.sayings[0].satisfaction.mean == 10.0
    assert (voices.language, voices.customers, voices.texts) == ("en", N, N)
    assert "Nothing surely" not in str(heard)


def test_no_text_is_in_the_answer_and_quotes_hold_it(heard: Heard) -> None:
    told = json.dumps(heard.voices.model_dump(mode="json")) + str(heard)
    assert "secret" not in told
    assert "Waiting at the till" not in told
    quotes = heard.quotes.to_pylist()
    assert {one["evidence"] for one in quotes} == {
        s.evidence for one in heard.voices.segments for s in one.sayings
    }
    assert all(one["text"] for one in quotes)


def test_how_few_wrote_nothing_does_not_follow(folder: Path, heard: Heard) -> None:
    """Of 240 customers 237 wrote, one of them twice: neither is told, nor follows from shares."""
    rows = reviews()
    more = pa.concat_tables([rows.slice(3), rows.slice(5, 1)])
    found = fw.find_voices(folder, more, text="review").voices
    assert (found.customers, found.texts) == (N, N)
    sizes = [one.customers for one in found.segments]
    assert sizes == [one.customers for one in heard.voices.segments]
    for one, size in zip(found.segments, sizes, strict=True):
        for share in (saying.share for saying in one.sayings):
            assert share * size == pytest.approx(round(share * size), abs=0.06)
    assert "237" not in json.dumps(found.model_dump(mode="json")) + str(found)


def test_the_order_of_rows_changes_nothing(folder: Path, heard: Heard) -> None:
    rows = reviews()
    order = np.random.default_rng(0).permutation(N)
    again = fw.find_voices(
        folder, rows.take(order), text="review", satisfaction="stars", scale=(1, 5)
    )
    assert again.voices == heard.voices
    assert again.quotes == heard.quotes


def test_who_wrote_several_texts_counts_once(folder: Path, heard: Heard) -> None:
    twice = pa.concat_tables([reviews(), reviews()])
    again = fw.find_voices(folder, twice, text="review", satisfaction="stars", scale=(1, 5))
    assert again.voices.segments == heard.voices.segments
    assert again.voices.texts == 2 * N
    assert "counts once" in " ".join(again.voices.notes)


def test_customers_are_placed_by_their_tables_where_no_members_are_kept(
    folder: Path, heard: Heard
) -> None:
    found = fw.read_segmentation(folder)
    tables = {"people": people(), "reviews": reviews()}
    placed = fw.find_voices(found, tables, text="review", satisfaction="stars", scale=(1, 5))
    assert placed.voices.segments == heard.voices.segments
    wide = people().append_column("review", reviews()["review"])
    assert fw.find_voices(found, wide, text="review").voices.segments[0].sayings
    with pytest.raises(DataError, match="none of the variables that place"):
        fw.find_voices(found, reviews(), text="review")


@pytest.mark.parametrize(
    ("columns", "options", "said"),
    [
        ({}, {"text": "revue"}, "no column 'revue'.*Did you mean 'review'"),
        ({}, {"text": "stars"}, "holds numbers, not what people wrote"),
        ({"review": [""] * N}, {}, "every text in 'review' is empty"),
        ({"review": ["gold", "silver"] * (N // 2)}, {}, "answers to choose from"),
        ({"review": ["ok then I did"] * 5 + [""] * (N - 5)}, {}, "fewer than 10 customers wrote"),
        ({"review": [f"skærmen er for mørk {i}" for i in range(N)]}, {}, "none of the languages"),
        ({"id": [f"x{i}" for i in range(N)]}, {}, "none of the customers who wrote.*--customer"),
        ({"id": [f"C{i:03d}" for i in range(N)]}, {}, "differ in capitals"),
        ({}, {"customer": "who"}, "no column 'who'"),
        ({}, {"satisfaction": "stars"}, "--scale 1 5"),
        ({}, {"satisfaction": "stars", "scale": (1, 4)}, "outside of 1 to 4"),
        ({}, {"satisfaction": "stars", "scale": (5, 1)}, "does not go up"),
        ({}, {"satisfaction": "star"}, "no column 'star'"),
        ({}, {"satisfaction": "review"}, "holds no numbers"),
        ({}, {"language": "xx"}, "no word lists"),
        ({}, {"most": 0}, "Give 1 or more"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_in_words(
    folder: Path, columns: dict, options: dict, said: str
) -> None:
    rows = reviews()
    for name, values in columns.items():
        rows = rows.set_column(rows.column_names.index(name), name, pa.array(values))
    with pytest.raises((DataError, OptionError), match=f"(?s){said}"):
        fw.find_voices(folder, rows, **{"text": "review"} | options)


def test_strangers_and_another_language_are_told(folder: Path) -> None:
    rows = reviews()
    ids = [*rows["id"].to_pylist()[:-12], *(f"x{i}" for i in range(12))]
    rows = rows.set_column(0, "id", pa.array(ids))
    told = " ".join(fw.find_voices(folder, rows, text="review", language="de").voices.notes)
    assert "12 customers who wrote are in no segment" in told
    assert "look like 'en', and were read as 'de'" in told


def canvas_of(found: Segmentation) -> str:
    return fw.seed_canvas(found).text


def test_needs_are_proposed_once_and_cite_their_evidence(folder: Path, heard: Heard) -> None:
    text = canvas_of(heard.segmentation)
    done = fw.propose_needs(heard.voices, heard.segmentation, parse_canvas(text), source="reviews")
    canvas = parse_canvas(done.text)
    kinds = {need.kind for need in canvas.needs}
    assert kinds == {"pain", "gain"}
    assert all(need.evidence and need.segments for need in canvas.needs)
    assert {need.satisfaction for need in canvas.needs} == {2.5, 10.0}
    assert "secret" not in done.text
    path = folder / "heard.yaml"
    path.write_text(text, encoding="utf-8")
    assert fw.propose_needs(heard.voices, heard.segmentation, path, source="reviews") == done
    with pytest.raises(OptionError, match="A canvas was expected"):
        fw.propose_needs(heard.voices, heard.segmentation, 7)  # type: ignore[arg-type]
    again = fw.propose_needs(heard.voices, heard.segmentation, canvas)
    assert again.text == done.text
    assert (again.added, again.suspect) == ([], [])


def test_what_a_person_wrote_or_took_away_stays_so(folder: Path, heard: Heard) -> None:
    done = fw.propose_needs(
        heard.voices, heard.segmentation, parse_canvas(canvas_of(heard.segmentation))
    )
    first = parse_canvas(done.text).needs[0]
    mine = done.text.replace(f'"{first.statement}"', "Mine").replace(first.statement, "Mine")
    last = parse_canvas(mine).needs[-1].id
    kept = mine.splitlines()
    start = next(i for i, line in enumerate(kept) if line.strip() == f"- id: {last}")
    later = (i for i in range(start + 1, len(kept)) if not kept[i].startswith("    "))
    stop = next(later, len(kept))
    shorter = parse_canvas("\n".join(kept[:start] + kept[stop:]) + "\n")
    other = fw.find_voices(folder, reviews(2), text="review", satisfaction="stars", scale=(1, 5))
    after = fw.propose_needs(other.voices, other.segmentation, shorter)
    found = parse_canvas(after.text)
    assert any(need.statement == "Mine" for need in found.needs)
    assert last not in {need.id for need in found.needs}
    assert after.changed
    assert set(after.suspect) <= {n.id for n in found.needs} | {
        c.id for s in found.segments for c in s.claims
    }


def test_our_own_product_is_no_need_and_another_canvas_is_refused(heard: Heard) -> None:
    text = canvas_of(heard.segmentation) + "names: {ours: [Easy]}\n"
    done = fw.propose_needs(heard.voices, heard.segmentation, parse_canvas(text))
    assert not any("easy" in n.statement.lower() for n in parse_canvas(done.text).needs)
    empty = parse_canvas("forwhom: 1\nkind: canvas\nsegments: [{id: a, name: A}]\n")
    with pytest.raises(OptionError, match="Seed it first"):
        fw.propose_needs(heard.voices, heard.segmentation, empty)


def test_customers_count_by_their_weight_where_it_is_there(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    place = tmp_path_factory.mktemp("weighed") / "run"
    calm = [any(one in text for one in REST) for text in reviews()["review"].to_pylist()]
    weight = pa.array(np.where(calm, 0.5, 1.5))
    heavy = people().append_column("weight", weight)
    study = fw.Study.model_validate({
        "forwhom": 1, "customers": {"table": "data", "id": "id"},
        "variables": {"weight": {"use": "weight"}},
    })  # fmt: skip
    fw.discover({"data": heavy}, study=study, k=2, n_starts=3, stability=0).save(place)
    found = fw.find_voices(place, [heavy, reviews()], text="review")
    assert not any("counts once" in note and "weigh" in note for note in found.voices.notes)
    plain = fw.find_voices(place, reviews(), text="review")
    assert any("The segments weigh customers by 'weight'" in n for n in plain.voices.notes)
    shares = [
        {saying.phrase: saying.share for one in each.voices.segments for saying in one.sayings}
        for each in (found, plain)
    ]
    both = shares[0].keys() & shares[1].keys()
    assert both
    assert all(shares[0][phrase] > 1.2 * shares[1][phrase] for phrase in both)


def test_it_has_a_page_of_its_own(heard: Heard, tmp_path: Path) -> None:
    page = fw.write_voices(heard.voices, tmp_path / "voices.html").read_text("utf-8")
    assert "What they say" in page
    assert "<bdi" in page
    assert "Times as often (95%)" in page
    assert "Satisfaction" in page
    assert "Importance" not in page
    assert "secret" not in page
    text = fw.write_voices(heard.voices, tmp_path / "voices.md").read_text("utf-8")
    for one in heard.voices.segments:
        for saying in one.sayings:
            assert saying.phrase in text
    told = fw.write_voices(heard.voices, tmp_path / "voices.json").read_text("utf-8")
    assert json.loads(told)["column"] == "review"
    with pytest.raises(OptionError, match=r"write_voices|Voices|voices"):
        fw.write_voices(heard, tmp_path / "again.html")  # type: ignore[arg-type]


@pytest.mark.parametrize("noun", ["segment", "group", "band", "cut"])
@pytest.mark.parametrize(("language", "side"), [("de", "ltr"), ("ar", "rtl")])
def test_it_is_told_in_german_and_arabic_whole(
    heard: Heard, tmp_path: Path, noun: str, language: str, side: str
) -> None:
    rating = Rating(mean=5, interval=Interval(low=4, high=6), n=20)
    first, second = heard.voices.segments
    saying = first.sayings[0].model_copy(update={"others": 0.01, "importance": rating})
    said = [saying, *first.sayings[1:]]
    full = heard.voices.model_copy(
        update={
            "noun": noun,
            "notes": [],
            "segments": [
                first.model_copy(update={"more": 3, "sayings": said}),
                second.model_copy(update={"sayings": []}),
            ],
            "common": [Said(phrase="rained", share=0.2)],
        }
    )
    theirs = json.dumps([s.model_dump() for s in full.segments] + [c.phrase for c in full.common])
    told = {}
    for code in ("en", language):
        one = dataclasses.replace(heard, voices=full.model_copy(update={"told_in": code}))
        page = fw.write_voices(one.voices, tmp_path / f"{code}.html").read_text("utf-8")
        text = fw.write_voices(one.voices, tmp_path / f"{code}.md").read_text("utf-8")
        told[code] = set(re.findall(r"[^\W\d_]{4,}", f"{one} {text}"))
    assert f'lang="{language}" dir="{side}"' in page
    assert '<bdi lang="en">' in page
    assert {one for one in told["en"] & told[language] if one not in theirs} <= {
        "forwhom",
        "review",
    }


def test_notes_and_evidence_are_told_in_the_language_that_is_asked_for(folder: Path) -> None:
    rows = reviews()
    ids = [*rows["id"].to_pylist()[:-12], *(f"x{i}" for i in range(12))]
    rows = rows.set_column(0, "id", pa.array(ids))
    both = {
        code: fw.find_voices(folder, rows, text="review", language="de", told_in=code).voices
        for code in ("en", "de")
    }
    assert "12 Kunden, die schrieben, gehören zu keinem Segment" in both["de"].notes[0]
    assert "sehen nach 'en' aus und wurden wie verlangt als 'de' gelesen" in both["de"].notes[1]
    assert both["de"].evidence[0].statement.startswith("Segment 1 sagt „")
    with speaking("de"):
        shown = told_segmentation(fw.read_segmentation(folder)).segments
    assert [one.name for one in both["de"].segments] == [one.name for one in shown]
    assert shown[0].name != both["en"].segments[0].name
    assert [one.fingerprint for one in both["de"].evidence] == [
        one.fingerprint for one in both["en"].evidence
    ]
    with pytest.raises(OptionError, match="does not say this in 'fr'"):
        fw.find_voices(folder, rows, text="review", told_in="fr")


def test_needs_are_proposed_in_the_language_of_the_canvas(heard: Heard) -> None:
    text = canvas_of(heard.segmentation) + "language: de\n"
    canvas = parse_canvas(
        fw.propose_needs(heard.voices, heard.segmentation, parse_canvas(text)).text
    )
    assert {need.rated_by[:6] for need in canvas.needs} == {"etwa 6"}
    said = [one for one in canvas.evidence if one.id.startswith("voices.")]
    assert said
    assert all(" sagt „" in one.statement and "\u00a0" not in one.statement for one in said)
    assert {one.source for one in said} == {"Texte in 'review'"}


def test_what_was_noted_of_the_table_is_told_in_the_same_language(
    folder: Path, tmp_path: Path
) -> None:
    rows = [f"{one['id']},{one['review'].replace(',', '')} é" for one in reviews().to_pylist()]
    path = tmp_path / "reviews.csv"
    path.write_bytes("\n".join(["id,review", *rows]).encode("cp1252"))
    [english] = fw.find_voices(folder, path, text="review").voices.notes[:1]
    [german] = fw.find_voices(folder, path, text="review", told_in="de").voices.notes[:1]
    assert "1252" in english
    assert "1252" in german
    with speaking("de"):
        assert german == told(english) != english
