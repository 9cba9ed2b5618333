"""The answer and whether it can be defended, in the language of those who read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, get_args

import pytest
from tests.report.judged import STRUCTURES, judged
from tests.report.made import mass_market, typical, value

from forwhom.documents.defense import defense_of_segmentation, made_on
from forwhom.documents.fairness import (
    Association,
    Blanks,
    BlanksOfGroup,
    Unanswered,
    Verdict,
)
from forwhom.documents.fitting import Everybody
from forwhom.documents.market import Market
from forwhom.documents.refresh import Refresh
from forwhom.documents.segmentation import (
    Evidence,
    Interval,
    Segmentation,
    Source,
    Sum,
    TypingStep,
    TypingTool,
    Worth,
)
from forwhom.documents.separateness import Separateness
from forwhom.documents.stability import NumberStability, SegmentStability, Stability
from forwhom.documents.verdict import MEANINGS, standing_of
from forwhom.languages.catalog import speaking, tr

#: Words that are English and neither German nor anybody's own.
_ENGLISH = re.compile(
    r"\b(the|of|and|is|are|we|they|that|not|with|would|customers?|groups?|bands|cuts?|"
    r"cannot|tell|which|from|by|ago|next|than|this|these|each|other|nothing|nobody)\b",
    re.IGNORECASE,
)
#: What is typed as it stands, names of measures, and what people and data gave: in quotes, or here.
_OURS_AS_WRITTEN = re.compile(
    r"'forwhom [^']*'|“[^”]*”|„[^“]*“|«[^»]*»|'[mf]'|\u2068[^\u2069]*\u2069|"
    r"BIC|PSI|R²|k-[mM]eans|EUR"
)


def _bare(text: str, found: Segmentation) -> str:
    """Return a text without what data and people gave."""
    names = [s.name for s in found.segments] + [v.label for v in found.variables]
    units = [v.unit for v in found.variables if v.unit and len(v.unit) > 1]
    levels = [level for v in found.variables for level in v.levels]
    text = _OURS_AS_WRITTEN.sub("", text)
    for theirs in sorted([*names, *units, *levels], key=len, reverse=True):
        text = re.sub(re.escape(theirs), "", text, flags=re.IGNORECASE)
    return text


def _said(found: Segmentation, day: date) -> Iterator[str]:
    answer, defense = found.answer, defense_of_segmentation(found, day)
    yield answer.headline
    yield from answer.sentences
    yield defense.headline
    yield defense.market
    for one in defense.questions:
        yield one.question
        yield one.why
    k = len(found.segments)
    yield from (standing_of(found.structure, segment, k) for segment in found.segments)
    yield tr(MEANINGS[found.noun])
    if found.refreshed is not None:
        yield found.refreshed.headline
        yield from found.refreshed.sentences


def _stable(found: Segmentation, reading: str, *lost: int) -> Segmentation:
    k = len(found.segments)
    stability = Stability.model_validate(
        {
            "replicates": 20, "rows": 900, "rows_in_all": 900, "reading": reading,
            "numbers": [NumberStability(k=k, agreement=0.9, low=0.8, high=1, warm=0.9)],
            "segments": [
                SegmentStability(segment=s.id, jaccard=0.8, found=3 if s.id in lost else 20)
                for s in found.segments
            ],
        }
    )  # fmt: skip
    return found.model_copy(update={"stability": stability})


def _worthy(found: Segmentation, *ends: tuple[float, float]) -> Segmentation:
    segments = [
        s.model_copy(
            update={
                "worth": Worth(
                    revenue=Sum(
                        variable="spend", share=sum(one) / 2,
                        interval=Interval(low=one[0], high=one[1]),
                    )
                )
            }
        )
        for s, one in zip(found.segments, ends, strict=True)
    ]  # fmt: skip
    return found.model_copy(update={"segments": segments})


def _compared(found: Segmentation, verdict: str, *, formed: bool, merged: bool) -> Segmentation:
    criterion = {
        "criterion": "channel", "verdict": verdict, "variables": ["v"], "leading": ["v"],
        "kind": "V", "effect": 0.3, "low": 0.2, "high": 0.4, "minimum": 0.1, "p": 0.01,
        "formed": formed,
    }  # fmt: skip
    told = {
        "merges": [[1, 2]] if merged else [],
        "pairs": [{"first": 1, "second": 2, "sentence": "s", "criteria": [criterion]}],
    }
    return found.model_copy(update={"separateness": Separateness.model_validate(told)})


def _reached(found: Segmentation, *, channels: bool) -> Segmentation:
    told = {d.variable for s in found.segments for d in s.distinctions}
    criterion = "channel" if channels else None
    variables = [
        v.model_copy(update={"criterion": criterion if v.name in told else None})
        for v in found.variables
    ]
    step = TypingStep(variable=found.variables[0].name, accuracy=0.9, right=0.85)
    surely = Interval(low=0.3, high=0.4)
    tool = TypingTool(steps=[step], recommended=1, majority=0.5, gain=0.35, gain_interval=surely)
    return found.model_copy(update={"variables": variables, "typing_tool": tool})


def _refreshed(found: Segmentation, verdict: str, **more: Any) -> Segmentation:
    move = {
        "segment": 1, "variable": "spend", "label": "Money spent in the year", "kind": "d",
        "effect": 0.4, "low": 0.3, "high": 0.5, "p": 0.001, "words": "from 2 on average to 5",
    }  # fmt: skip
    level = {"value": 0.3, "low": 0.2, "high": 0.4}
    shift = {"bins": 4, "raw": 0.2, "p": 0.001, "psi": level}
    given = {
        "created": "2026-11-27T10:00:00+00:00", "version": "0.1.0", "lineage": found.lineage,
        "day": "2026-11-27", "n": 100, "sources": [], "verdict": verdict, "alarm": 0.6,
        "noun": found.noun,
        "sizes": [{"segment": 1, "before": level, "now": level, "placed": 70}],
        "shift": {**shift, "variable": "", "label": "The sizes of them", "verdict": "much"},
        "shifts": [{**shift, "variable": "spend", "label": "Basket", "verdict": "changed"}],
        "moves": [move, {**move, "kind": "V", "refitted": 0.2}, {**move, "formed": False}],
        "unfit": {"before": level, "now": level, "p": 0.5},
        "transitions": {
            "segments": [1, 2], "both": 900, "table": [[1, 2], [3, 4]], "new": [1, 1],
            "left": [1, 1], "stayed": 0.3, "by_chance": 0.25,
        },
        "refitted": {"k": 3, "agreement": 0.5, "successors": [], "added": [0.2, 0.1]},
    }  # fmt: skip
    return found.model_copy(update={"refreshed": Refresh.model_validate({**given, **more})})


def _audited(found: Segmentation) -> Iterator[tuple[str, Segmentation]]:
    """Yield segmentations with what is known of fairness, as it is kept."""
    within = Interval(low=0.3, high=0.5)
    variables = [
        *found.variables,
        found.variables[0].model_copy(update={"name": "sex", "label": "Sex", "use": "protected"}),
    ]
    for verdict in get_args(Verdict):
        of = {"attribute": "sex", "label": "Sex", "value": 0.4, "interval": within}
        spread = Association(other="segments", other_label=f"{found.noun}s", verdict=verdict, **of)
        away = Association(other="spend", other_label="Basket", verdict=verdict, **of)
        group = {"group": "m", "missing": 0.09, "moved": 0.08}
        blanks = Blanks(
            attribute="sex", label="Sex", noun=found.noun, unknown=0.12, unknown_verdict=verdict,
            groups=[BlanksOfGroup(**group), BlanksOfGroup(**{**group, "group": "f"})],
            most="m", least="f", verdict=verdict, mover="m", stayer="f", moved_verdict=verdict,
        )  # fmt: skip
        lacks = Unanswered(
            attribute="sex", label="Sex", variable="spend", variable_label="Basket", most="m",
            least="f", rates=(0.2, 0.1), difference_interval=within,
        )  # fmt: skip
        told = {
            "sex": str(spread), "sex.proxy.spend": str(away), "sex.unknown": blanks.of_attribute,
            "sex.blanks": blanks.of_answers, "sex.blanks-move": blanks.of_places,
            "sex.missing.spend": str(lacks),
        }  # fmt: skip
        for id_, statement in told.items():
            item = Evidence(
                id=f"fairness.{id_}", statement=statement, value=0.1, method="m", source="s",
                fingerprint="f", verdict=verdict,
            )  # fmt: skip
            update = {"evidence": [item], "variables": variables}
            yield f"{found.noun}, {id_}, {verdict}", found.model_copy(update=update)


def _every() -> Iterator[tuple[str, Segmentation]]:
    yield from ((name, judged(name)) for name in STRUCTURES)
    yield "no test of structure", typical()
    yield "one mass market", mass_market()
    one = mass_market()
    yield "one that was asked for", one.model_copy(update={"selection": one.selection[:1]})
    for method in ("kmeans", "rfm", "rules"):
        fit = typical().fit.model_copy(update={"method": method, "n_effective": 640.4})
        yield method, typical().model_copy(update={"fit": fit, "weight": "w"})
    everybody = Everybody(customers=90_000, segments=[1, 2, 3, 4], log_likelihood=None)
    fit = typical().fit.model_copy(update={"everybody": everybody, "criterion": ""})
    yield "drawn", typical().model_copy(update={"fit": fit})
    fitted = everybody.model_copy(update={"log_likelihood": -1.0})
    yield (
        "fitted to all",
        typical().model_copy(update={"fit": fit.model_copy(update={"everybody": fitted})}),
    )
    for noun in ("clear", "scale", "scales", "unclear"):
        found = judged(noun)
        for reading, lost in (("natural", ()), ("reproducible", (2,)), ("constructive", (2, 3))):
            yield f"{noun}, {reading}", _stable(found, reading, *lost)
        for low in (0.01, 0.04, 0.2):
            ends = [(low, low + 0.02), (low, low + 0.02), (0.3, 0.4), (0.3, 0.4)]
            yield f"{noun}, brings {low}", _worthy(found, *ends)
        yield f"{noun}, reached", _reached(found, channels=True)
        yield f"{noun}, not reached", _reached(found, channels=False)
        yield f"{noun}, refreshed", _refreshed(found, "refit", alarm=0.001)
        yield from _audited(found)
    yield from _of_questions()


def _of_questions() -> Iterator[tuple[str, Segmentation]]:
    found = judged("clear")
    yield "merged", _compared(found, "equivalent", formed=False, merged=True)
    for verdict, formed in (("undecided", False), ("different", True), ("different", False)):
        yield f"{verdict} {formed}", _compared(found, verdict, formed=formed, merged=False)
    for chance in (0.01, 0.5, 0.99):
        ahead = value(chance, 1.0, 1.0, 1.0)
        yield f"ahead {chance}", found.model_copy(update={"value": ahead})
        asked = ahead.model_copy(update={"asked": True, "horizon": 1.0, "unit": "year"})
        yield f"asked {chance}", found.model_copy(update={"value": asked})
    for predicted in (5.0, 20.0):
        wrong = value(1.0, 1.0, 1.0, 1.0, predicted=predicted)
        yield f"expected {predicted}", found.model_copy(update={"value": wrong})
    few = {"few": True, "before": {"value": 0, "low": 0, "high": 0}}
    unfit = {**few, "now": few["before"], "p": 0.5}
    yield "kept", _refreshed(found, "keep", moves=[], unfit=unfit, shift=None)
    yield "resized", _refreshed(found, "keep")
    yield "watched", _refreshed(found, "watch", moves=[], alarm=0.01, transitions=None)
    yield "unknown", _refreshed(found, "unknown", moves=[], refitted=None)
    yield "lacking", _refreshed(found, "unknown", lacking=["Money spent in the year"])
    yield "lacking more", _refreshed(found, "unknown", lacking=["Basket", "Money per basket"])
    yield "stale", _refreshed(found, "keep", lineage="another")
    yield "old", _refreshed(found, "keep", created="2026-01-02T10:00:00+00:00")
    source = Source(
        name="orders", rows=9, columns=3, fingerprint="f", months=["2020-01", "2024-10"]
    )
    yield "ended", found.model_copy(update={"sources": [source]})
    open_ = [v.model_copy(update={"use": "active"}) for v in found.variables]
    yield "nothing protected", found.model_copy(update={"variables": open_})


EVERY = dict(_every())


@pytest.mark.parametrize("name", EVERY)
def test_no_word_of_ours_stays_english(name: str) -> None:
    found = EVERY[name]
    # Days after which it is new, of late, to be looked at, and too old.
    days = [made_on(found) + timedelta(days=n) for n in (0, 10, 200, 900)]
    for day in days:
        with speaking("de"):
            german = [_bare(one, found) for one in _said(found, day)]
        assert [one for one in german if _ENGLISH.search(one)] == []
        with speaking("ar"):
            arabic = [_bare(one, found) for one in _said(found, day)]
        assert [one for one in arabic if re.search(r"[A-Za-z]{2,}", one)] == []
        english = list(_said(found, day))
        with speaking("de"):
            assert [bool(one) for one in _said(found, day)] == [bool(one) for one in english]


def test_a_market_is_said_with_what_a_canvas_claims() -> None:
    found = Market(type=None, possible=["mass", "niche"], why=[], claimed="niche")
    with speaking("de"):
        assert found.headline == (
            "Wir können nicht sagen, welcher Markt es ist: Massenmarkt oder Nischenmarkt. Der "
            "Canvas sagt: Nischenmarkt; das kann sein."
        )
        other = found.model_copy(update={"claimed": "segmented"}).headline
        assert other.endswith("Der Canvas sagt: segmentierter Markt; das stimmt nicht überein.")
        agreed = Market(type="mass", possible=["mass"], why=[], claimed="mass")
        assert agreed.headline == "Ein Massenmarkt. Der Canvas sagt dasselbe."


@pytest.mark.parametrize(
    ("name", "german", "arabic"),
    [
        ("clear", "4 klare Gruppen unter 2.469 Kunden", "4 مجموعات واضحة بين 2,469 عميلا"),
        ("scale", "Eine gleitende Skala von 2.469 Kunden: 4 Abschnitte",
         "سلّم متدرج من 2,469 عميلا، في 4 نطاقات"),
        ("scales", "2 gleitende Skalen von 2.469 Kunden: 4 Teile",
         "سلّمان متدرجان من 2,469 عميلا، في 4 أجزاء"),
        ("one", "Eine einzige Art von Kunden unter 2.469", "نوع واحد من العملاء بين 2,469"),
    ],
)  # fmt: skip
def test_an_answer_is_said_anew_in_each_language(name: str, german: str, arabic: str) -> None:
    found = judged(name)
    english = found.answer
    with speaking("de"):
        assert found.answer.headline == german
    with speaking("ar"):
        assert found.answer.headline == arabic
    assert found.answer == english
