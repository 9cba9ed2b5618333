"""What people say: their texts, their segments, and what sets one of these apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from os import PathLike
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forwhom.customers.members import read_members
from forwhom.customers.texting import Texts, read_texts, whose
from forwhom.customers.weighing import weights_of
from forwhom.documents import AnySegmentation, segmentation_of, segmentation_path
from forwhom.documents.privacy import coarse_count
from forwhom.documents.results.voices import SegmentVoices, Voices
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.telling import told_segmentation
from forwhom.errors import DataError, OptionError
from forwhom.evidence.sayings import Setting, Speaking, Statements
from forwhom.evidence.themes import themes_of
from forwhom.evidence.voices import sets_apart
from forwhom.languages.catalog import SOURCE, chosen, later_count, speaking, tr, tr_count
from forwhom.languages.catalog import language as language_spoken
from forwhom.languages.retelling import told
from forwhom.pipeline.scoring import score
from forwhom.progress import Progress, share, silent
from forwhom.texts import (
    Tokens,
    Tongue,
    known_languages,
    masked,
    spoken,
    tokens_of,
    tongue_of,
    words_of,
)
from forwhom.wording import apart, few, listed, percent, tr_few

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Part of the texts in another language that is worth a sentence.
_OTHERS = 0.1
_UNLIKE = {
    "segment": later_count(
        "{n} of those who wrote is like none of the segments: left out.",
        "{n} of those who wrote are like none of the segments: left out.",
    ),
    "group": later_count(
        "{n} of those who wrote is like none of the groups: left out.",
        "{n} of those who wrote are like none of the groups: left out.",
    ),
    "band": later_count(
        "{n} of those who wrote is like none of the bands: left out.",
        "{n} of those who wrote are like none of the bands: left out.",
    ),
    "cut": later_count(
        "{n} of those who wrote is like none of the cuts: left out.",
        "{n} of those who wrote are like none of the cuts: left out.",
    ),
}


@dataclass(frozen=True)
class Heard:
    """What was heard.

    Parameters
    ----------
    voices
        What sets each segment apart, as phrases and numbers; no text.
    quotes
        For your eyes: evidence, number of the quote, segment and text, one row per quote. E-mail
        addresses and telephone numbers are masked; names are not.
    segmentation
        The segments.
    """

    voices: Voices
    quotes: pa.Table
    segmentation: Segmentation

    def __str__(self) -> str:
        with speaking(self.voices.told_in):
            return str(self.voices)


def find_voices(
    segmentation: AnySegmentation,
    data: object,
    *,
    text: str,
    language: str | None = None,
    customer: str | None = None,
    satisfaction: str | None = None,
    importance: str | None = None,
    scale: tuple[float, float] | None = None,
    most: int = 10,
    cutoff: date | datetime | None = None,
    told_in: str | None = None,
    progress: Progress | None = None,
) -> Heard:
    """Say what the customers of each segment speak of more often than all others.

    Parameters
    ----------
    segmentation
        A Segmentation, its file, or the folder of a run.
    data
        The table with the texts; and the tables that place customers, as for :func:`score`, unless
        the run has its members beside it.
    text
        The column with what people wrote: reviews, interviews, open answers.
    language
        Language of the texts: ``"en"``, ``"de"``, ``"fr"`` or ``"es"``; left out: recognized.
    customer
        The column that says whose a text is; left out: the id of the segmentation.
    satisfaction, importance
        Columns of ratings in the table with the texts.
    scale
        Lowest and highest rating; left out: 0 to 10.
    most
        Statements for each segment, the most telling first.
    cutoff
        Use only events before this moment to place customers.
    told_in
        The language in which it is told: ``"de"`` or ``"ar"``; left out: English.
    progress
        Called with what is being done and the fraction done.

    Returns
    -------
    Heard
        ``voices`` has phrases and themes, and evidence that a canvas can cite; ``quotes`` the texts
        behind them.

    Raises
    ------
    DataError
        There is no such column, it holds no text, or too few customers wrote anything.
    OptionError
        An option has no usable value.

    Examples
    --------
    >>> find_voices("segments", "reviews.csv", text="review")  # doctest: +SKIP
    """
    found, say = segmentation_of(segmentation), progress or silent
    _check_options(language, most)
    ours = chosen(told_in, SOURCE, whole=True)
    say("reading the texts", 0.0)
    asked = {"satisfaction": satisfaction, "importance": importance}
    ratings = {what: column for what, column in asked.items() if column is not None}
    texts = read_texts(found, data, text, customer=customer, ratings=ratings, scale=scale)
    ids, chances, notes = _placed(segmentation, found, texts, cutoff, share(say, 0.1, 0.4))
    with speaking(ours):
        at, lost = whose(texts, ids, found.threshold)
        weights, told_of = weights_of(found, data, ids)
        notes = [*map(told, [*texts.notes, *notes]), *lost, *told_of]
        written = _written(texts, at, chances, weights, notes, found)
    say("taking texts apart", 0.4)
    tokens, spoke, tongue = _read(written.texts, language, text)
    heard = spoken(tokens, written.customer, words_of(spoke), found.threshold)
    say("comparing segments", 0.8)
    themes = themes_of(heard.phrase, heard.customer, heard.counts)
    said = Statements.of(
        heard.phrases, heard.phrase, heard.customer, heard.text, heard.tones, themes
    )
    setting = _setting(found, written, said, text, len(ids))
    with speaking(ours):
        notes = [*written.notes, *_on_language(tongue, spoke)]
        made = _told(setting, found, most, written, spoke, notes)
    say("done", 1.0)
    return made


def _check_options(language: str | None, most: int) -> None:
    if language is not None and language not in known_languages():
        raise OptionError(
            f"there are no word lists of the language {language!r}.",
            f"Known are: {listed(known_languages(), None)}.",
        )
    if most < 1:
        raise OptionError(f"most is {most}.", "Give 1 or more.")


def _placed(
    given: AnySegmentation, found: Segmentation, texts: Texts, cutoff: date | datetime | None,
    progress: Progress,
) -> tuple[pa.Array, Floats, list[str]]:  # fmt: skip
    """Return ids of customers, the probabilities of their segments, and what to say of that."""
    k = len(found.segments)
    table, notes = _members(given, texts), []
    if table is None:
        if not texts.placing:
            raise DataError(
                f"{texts.name}: a customer has several texts, and nothing else says who belongs "
                "where.",
                "Give the tables that the segments were discovered in, too; or the folder that "
                "'forwhom discover' wrote, which holds the members.",
            )
        placed = score(found, texts.placing, cutoff=cutoff, progress=progress)
        table, notes = placed.table, placed.notes
    missing = [f"p{i + 1}" for i in range(k) if f"p{i + 1}" not in table.column_names]
    if missing:
        raise DataError(
            f"the members beside the segmentation have no column {missing[0]!r}.",
            "They are of another run: give the tables that place customers.",
        )
    chances = np.stack([table[f"p{i + 1}"].to_numpy() for i in range(k)], axis=1).astype(float)
    chances[table["segment"].to_numpy() == 0] = 0.0
    return table.column(0).combine_chunks(), chances, notes


def _members(given: AnySegmentation, texts: Texts) -> pa.Table | None:
    """Return the members of a run, where only texts were given, and these name their customers."""
    if texts.ids is None or not isinstance(given, str | PathLike):
        return None
    beside = segmentation_path(given).parent / "members.parquet"
    several = len(texts.placing) > (1 if texts.one_each else 0)
    return None if several or not beside.is_file() else read_members(Path(beside))


@dataclass(frozen=True)
class _Written:
    """Texts of customers in segments, in an order that has nothing to do with that of rows."""

    texts: list[str]
    customer: Ints  # of each text, from 0
    chances: Floats  # of each customer, (n, K)
    ratings: Mapping[str, Floats]  # the mean of each customer, NaN without; (n,)
    weights: Floats  # (n,)
    notes: list[str]


def _written(
    texts: Texts, at: Ints, chances: Floats, weights: Floats, notes: list[str],
    found: Segmentation,
) -> _Written:  # fmt: skip
    inside = at >= 0
    inside[inside] = chances[at[inside]].sum(axis=1) > 0
    unlike = len(np.unique(at[(at >= 0) & ~inside]))
    if unlike:
        notes.append(tr_few(*_UNLIKE[found.noun], unlike, found.threshold))
    people, customer = np.unique(at[inside], return_inverse=True)
    if len(people) < max(found.threshold, 1):
        raise DataError(
            f"{texts.name}: {few(len(people), found.threshold)} customers wrote anything.",
            f"Nothing is told of fewer than {found.threshold}.",
        )
    rows = np.flatnonzero(inside)
    order = sorted(range(len(rows)), key=lambda i: (customer[i], texts.texts[rows[i]]))
    if len(rows) > len(people):
        notes.append(tr("Whoever wrote several texts counts once for each statement."))
    ratings = {}
    for what, values in texts.answers.items():
        given = np.isfinite(values[inside])
        n = np.bincount(customer[given], minlength=len(people))
        total = np.bincount(customer[given], values[inside][given], minlength=len(people))
        with np.errstate(invalid="ignore", divide="ignore"):
            ratings[what] = np.where(n > 0, total / n, np.nan)
    return _Written(
        [texts.texts[rows[i]] for i in order], customer[order], chances[people], ratings,
        weights[people], notes,
    )  # fmt: skip


def _read(texts: list[str], language: str | None, column: str) -> tuple[Tokens, str, Tongue]:
    """Return the words of texts, the language they are read in, and the one they look like."""
    tokens = tokens_of(texts)
    tongue = tongue_of(tokens)
    spoke = language or tongue.language
    if not spoke:
        raise DataError(
            f"the texts in {column!r} are in none of the languages that forwhom reads "
            f"({listed(known_languages(), None)}), or hold hardly a sentence.",
            "If they are in one of these, say so with --language.",
        )
    elisions = words_of(spoke).elisions
    return tokens_of(texts, elisions) if elisions else tokens, spoke, tongue


def _on_language(tongue: Tongue, spoke: str) -> list[str]:
    asked = apart(repr(spoke))
    if tongue.language and tongue.language != spoke:
        return [
            tr(
                "The texts look like {language}, and were read as {asked} as asked: small words "
                "and tones are those of {asked}.",
                language=apart(repr(tongue.language)), asked=asked,
            )
        ]  # fmt: skip
    if not tongue.language:
        return [
            tr("The texts do not look like {asked}, nor like any other language we know.",
               asked=asked)
        ]  # fmt: skip
    if tongue.others >= _OTHERS:
        return [
            tr(
                "{share} of the texts look like another language than {asked}; their small words "
                "count as phrases.",
                share=percent(tongue.others), asked=asked,
            )
        ]  # fmt: skip
    return []


def _setting(
    found: Segmentation, written: _Written, said: Statements, column: str, known: int
) -> Setting:  # fmt: skip
    apart = sets_apart(
        said.statement,
        said.customer,
        said.n,
        written.chances,
        written.weights,
        least=found.threshold,
    )
    return Setting(
        said=said,
        apart=apart,
        assigned=written.chances.argmax(axis=1),
        customers=coarse_count(len(written.chances), known, found.threshold),
        ratings=written.ratings,
        weights=written.weights,
        lengths=np.array([len(one) for one in written.texts]),
        column=column,
        noun=found.noun,
        least=found.threshold,
        source="; ".join(one.fingerprint for one in found.sources),
    )


def _told(
    setting: Setting, found: Segmentation, most: int, written: _Written, spoke: str,
    notes: list[str],
) -> Heard:  # fmt: skip
    taken: set[str] = set()
    segments, evidence, quotes = [], [], []
    n = setting.customers
    for k, segment in enumerate(told_segmentation(found).segments):
        every = setting.of_segment(k, segment.id, taken)
        shown = every[:most]
        here = int((setting.assigned == k).sum())
        small = here < found.threshold
        segments.append(
            SegmentVoices(
                segment=segment.id,
                name=segment.name,
                customers=None if small else setting.size(k),
                sayings=[one.saying for one in shown],
                more=len(every) - len(shown),
            )
        )
        evidence += [one.evidence for one in every]
        quotes += [(segment.id, one) for one in shown]
    if len(found.segments) == 1:
        notes = [*notes, tr("There is one segment, so that nothing can set it apart.")]
    elif not setting.said.n:
        least = tr_count(
            "No phrase was said by {n} customer.", "No phrase was said by {n} customers.",
            found.threshold,
        )  # fmt: skip
        notes = [*notes, least]
    return Heard(
        Voices(
            column=setting.column, language=spoke, told_in=language_spoken(), noun=found.noun,
            texts=n + _more_texts(setting, written, found.threshold), customers=n,
            threshold=found.threshold,
            statements=setting.said.n, segments=segments, common=setting.common(),
            evidence=evidence, notes=notes,
        ),
        _quoted(quotes, written.texts),
        found,
    )  # fmt: skip


def _more_texts(setting: Setting, written: _Written, threshold: int) -> int:
    """Return how many texts there are beside one of each customer."""
    n = len(written.texts)
    return coarse_count(n - len(setting.assigned), n, threshold)


def _quoted(said: list[tuple[int, Speaking]], texts: list[str]) -> pa.Table:
    """Return the texts behind what is told, without addresses and telephone numbers."""
    rows = [
        {"evidence": one.saying.evidence, "quote": i, "segment": segment, "text": masked(texts[at])}
        for segment, one in said
        for i, at in enumerate(one.quotes.tolist(), 1)
    ]
    kinds = {"evidence": pa.string(), "quote": pa.int32(), "segment": pa.int32()}
    return pa.Table.from_pylist(rows, schema=pa.schema({**kinds, "text": pa.string()}))
