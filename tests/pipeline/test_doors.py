"""An attack on every door: what one or few customers have is sought in all that forwhom writes."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyarrow import csv

import forwhom as fw
from forwhom.cli.main import cli
from forwhom.documents import dump_segmentation
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.segmentationfile import parse_segmentation

from .planted import LARGEST, N, customers, orders, planted

pytestmark = pytest.mark.usefixtures("swift")

THRESHOLD = 10
OPTIONS = {"n_starts": 3, "stability": 0}
WAYS = {
    "segments": lambda: fw.discover(customers(), k=2, **OPTIONS),
    "measured": lambda: fw.discover(customers(), k=2, numbers="measured", **OPTIONS),
    "kmeans": lambda: fw.discover(customers(), k=2, method="kmeans"),
    "grid": lambda: fw.discover({"orders": orders()}, method="rfm"),
}


@pytest.fixture(scope="module")
def answers() -> dict[str, fw.Result]:
    """The answer of each way to find segments, with what was told meanwhile."""
    return {way: find() for way, find in WAYS.items()}


def canvas_of(found: Segmentation) -> fw.Canvas:
    return fw.parse_canvas(fw.seed_canvas(found).text)


def draft(_: Segmentation) -> str:
    texts = [fw.draft_study(table) for table in (customers(), orders())]
    return "\n".join([str(one) + "\n".join(one.notes) for one in texts])


def profile(_: Segmentation) -> str:
    found = [fw.profile_table(fw.open_table(table)) for table in (customers(), orders())]
    return "".join(f"{p._repr_html_()} {asdict(p.for_others())}" for p in found)


#: Every text that is written from an answer, and from the tables themselves.
DOORS: dict[str, Callable[[Segmentation], str]] = {
    "segmentation.json": dump_segmentation,
    "notebook": lambda found: str(found) + found._repr_html_(),
    "page": fw.report_html,
    "text": fw.summary_text,
    "canvas": lambda found: fw.seed_canvas(found).text,
    "board": lambda found: str(fw.draw_canvas(canvas_of(found))),
    "board and sheets": lambda found: str(fw.draw_canvas(canvas_of(found), "html")),
    "next steps": lambda found: fw.next_steps(canvas_of(found)).model_dump_json(),
    "findings": lambda found: str(fw.lint_canvas(canvas_of(found))),
    "SQL": lambda found: (
        fw.features_sql(found) if found.model.kind == "rfm" else fw.scoring_sql(found, "shop")
    ),
    "draft": draft,
    "profile": profile,
}


def leaks(text: str) -> list[str]:
    """Return the planted values of which a spelling stands in a text, with what is around it."""
    found = []
    for value, spelled in planted().items():
        for one in filter(text.__contains__, spelled):
            after = r"(?!\d)" if one[-1].isdigit() else ""
            seen = re.search(rf"(?<![\w.]){re.escape(one)}{after}", text)
            if seen:
                around = text[max(0, seen.start() - 60) : seen.end() + 30]
                found.append(f"{value} as {one}: …{around}…")
    return found


@pytest.mark.parametrize("door", DOORS)
def test_what_one_customer_has_comes_through_no_door(
    answers: dict[str, fw.Result], door: str
) -> None:
    ways = ["segments"] if door in ("draft", "profile") else list(WAYS)
    for way in ways:
        assert leaks(DOORS[door](answers[way].segmentation)) == [], way


def test_the_attack_finds_what_is_there() -> None:
    assert leaks("from 17.1 to 99,818") == ["99817.54 as 99,818: …from 17.1 to 99,818…"]
    assert (
        len(leaks(f"onlyada 2019-03-07 {math.log(LARGEST):.6g}")) == 4
    )  # a level, a day, its month, a logarithm


def test_a_page_shows_nothing_but_the_document(answers: dict[str, fw.Result]) -> None:
    """Charts are drawn from it, so no coordinate knows more."""
    for found in answers.values():
        again = parse_segmentation(dump_segmentation(found.segmentation))
        assert fw.report_html(again) == fw.report_html(found.segmentation)


def test_progress_and_messages_tell_of_nobody(tmp_path: Path) -> None:
    told: list[str] = []
    fw.discover(orders(), k=1, progress=lambda what, share: told.append(what), **OPTIONS)
    assert leaks("\n".join(told)) == []
    bad = {
        "text among numbers": customers().set_column(
            2, "spend", pa.array(["Ada Lovelace 99817.54", *["12"] * 20, *["20"] * (N - 21)])
        ),
        "days that are none": orders().set_column(
            1, "date", pa.array(["onlyAda 2019-03-07"] * 900 + ["2024-01-01"] * 1100)
        ),
    }
    said = "variables:\n  spend: {use: active, measure: positive}\n"
    study = "forwhom: 1\ncustomers: {table: t.csv, id: customer}\n" + said
    (tmp_path / "study.yaml").write_text(study)
    for what, table in bad.items():
        csv.write_csv(table, tmp_path / "t.csv")
        source = "study.yaml" if what == "text among numbers" else "t.csv"
        for command in (["discover", source, "--k", "2", "-o", "s"], ["study", "t.csv"]):
            at = [
                str(tmp_path / part) if part in (source, "s", "t.csv") else part for part in command
            ]
            ran = CliRunner().invoke(cli, at)
            assert leaks(ran.stdout + ran.stderr) == [], (what, command)


def cells(found: Segmentation) -> dict[str, dict[str, list[float]]]:
    """Return what a reader computes of each level: customers in each segment, in two ways."""
    told: dict[str, dict[str, list[float]]] = {}
    for item in getattr(found.model, "items", []):
        if item.kind == "categorical":
            for at, level in enumerate(item.levels):
                pairs = zip(item.probabilities, found.model.weights, strict=True)
                counts = [row[at] * weight * found.n for row, weight in pairs]
                told.setdefault(item.variable, {})[f"model {level}"] = counts
    for segment in found.segments:
        for one in segment.profile:
            for share in one.levels:
                if share.inside is not None:
                    counts = told.setdefault(one.variable, {}).setdefault(share.level, [])
                    counts.append(share.inside * segment.n)
    return told


@pytest.mark.parametrize("way", ["segments", "measured", "kmeans"])
def test_no_count_of_few_follows_from_shares_and_sizes(
    answers: dict[str, fw.Result], way: str
) -> None:
    found, table = answers[way].segmentation, customers()
    segment, true = np.asarray(answers[way].members["segment"]), set()
    for name in ("region", "plan", "education", "satisfaction", "online"):
        values = np.asarray(table[name].to_pylist()).astype(str)
        for level in np.unique(values):
            true |= {int(((values == level) & (segment == k)).sum()) for k in (1, 2)}
    assert any(0 < count < THRESHOLD for count in true)  # there is something to find
    for variable, levels in cells(found).items():
        for level, counts in levels.items():
            for count in counts:
                half = level.startswith("model") and abs(count - THRESHOLD / 2) < 1
                assert count < 0.6 or count > THRESHOLD - 0.6 or half, (variable, level, counts)


def denominators(shares: list[float], n: int) -> set[int]:
    """Return how many of n may be missing, given shares that are those of whole numbers."""
    found = set(range(THRESHOLD))
    for share in shares:
        counts = {m: round(share * (n - m)) for m in found}
        found = {m for m, c in counts.items() if abs(c / (n - m) - share) < 6e-7}
    return found


def test_how_many_have_no_answer_does_not_follow_from_the_digits_of_shares() -> None:
    """Shares of 597 customers are no shares of 600: with six digits, the three showed."""
    table = customers().select(["customer", "plan", "education", "satisfaction"])
    exact = np.unique(np.asarray(table["education"].to_pylist()), return_counts=True)[1]
    assert denominators([n / 597 for n in exact if n > 3], N) == {3}
    [segment] = fw.discover(table, k=1, **OPTIONS).segmentation.segments
    for one in segment.profile:
        if one.variable in ("education", "satisfaction"):
            for kind in ("inside", "sample"):
                shares = [getattr(level, kind) for level in one.levels]
                assert denominators([s for s in shares if s is not None], N) <= {0}


def test_two_published_sums_do_not_differ_by_one_customer(answers: dict[str, fw.Result]) -> None:
    """All customers less those of the segments are nobody, and a mean is not that of one."""
    for way in ("segments", "measured", "kmeans"):
        found = answers[way].segmentation
        for name in ("spend", "visits"):
            profiles = [p for s in found.segments for p in s.profile if p.variable == name]
            sizes = [s.n for s in found.segments]
            inside = sum(n * p.inside.mean for n, p in zip(sizes, profiles, strict=True))
            assert inside == pytest.approx(N * profiles[0].sample.mean, rel=0.01)
            for n, p in zip(sizes, profiles, strict=True):
                assert n * (p.inside.mean - p.inside.median) < 0.2 * LARGEST
                assert p.inside.sd * n**0.5 < 0.2 * LARGEST


def test_numbers_computed_from_the_likelihood_have_one_decimal(
    answers: dict[str, fw.Result],
) -> None:
    found = json.loads(dump_segmentation(answers["segments"].segmentation))
    for candidate in (*found["selection"], found["fit"]):
        for name in ("log_likelihood", "bic", "icl"):
            value = candidate.get(name)
            assert value is None or round(value, 1) == value
