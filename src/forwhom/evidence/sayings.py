"""From what sets segments apart to what is told of it: themes, tones, ratings and evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import stdtrit

from forwhom.documents.ids import slug, unused
from forwhom.documents.privacy import coarse_count, is_small
from forwhom.documents.results.voices import Rating, Said, Saying, Tone, said_of
from forwhom.documents.segmentation import Evidence, Interval
from forwhom.evidence.items import fingerprint
from forwhom.evidence.voices import Apart
from forwhom.statistics.dominance import pulled_in
from forwhom.statistics.membership import Membership

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Tones in the order of the columns of what counts them.
_TONES: tuple[Tone, ...] = ("pain", "gain", "job", "fear")
#: So many of those who make a statement must do it in a tone; and in one of pain and gain so many
#: times as many as in the other.
_TONED, _CLEARLY = 1 / 3, 1.5
#: Other phrases that are told beside one, quotes that are kept, and common ones that are told.
_ALSO, _QUOTES, _COMMON = 4, 5, 8
#: A phrase names its theme if this part of those of the most frequent one say it.
_NAMES = 0.25
_METHOD = (
    "customers who say it, against all others: hypergeometric mid-p, at most 5 % of what is told "
    "false; ratio free of wrong assignments and drawn toward no difference"
)


@dataclass(frozen=True)
class Statements:
    """Phrases, and themes after them; who made which, once each, in ascending order."""

    phrases: tuple[str, ...]
    themes: Sequence[Ints]  # indexes of the phrases of each theme
    statement: Ints  # (m,)
    customer: Ints  # (m,)
    text: Ints  # (m,) a text of that customer that makes it
    tones: Bools  # (m, 4)

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.phrases) + len(self.themes)

    @classmethod
    def of(
        cls, phrases: tuple[str, ...], phrase: Ints, customer: Ints, text: Ints, tones: Bools,
        themes: Sequence[Ints],
    ) -> Statements:  # fmt: skip
        """Add themes to phrases: who says one of its phrases speaks of a theme."""
        theme_of = np.full(len(phrases), -1)
        for j, members in enumerate(themes):
            theme_of[members] = j
        inside = theme_of[phrase] >= 0
        more = theme_of[phrase[inside]] + len(phrases)
        every = np.concatenate([phrase, more])
        whose = np.concatenate([customer, customer[inside]])
        texts = np.concatenate([text, text[inside]])
        heard = np.concatenate([tones, tones[inside]])
        order = np.lexsort((texts, whose, every))
        every, whose, texts, heard = every[order], whose[order], texts[order], heard[order]
        new = np.ones(len(every), dtype=bool)
        new[1:] = (every[1:] != every[:-1]) | (whose[1:] != whose[:-1])
        starts = np.flatnonzero(new)
        toned = (
            np.maximum.reduceat(heard.astype(np.int8), starts, axis=0) > 0 if len(starts) else heard
        )
        return cls(phrases, themes, every[starts], whose[starts], texts[starts], toned)

    def rows(self, statement: int) -> slice:
        """Return where a statement's customers stand."""
        ends = np.searchsorted(self.statement, [statement, statement + 1])
        return slice(int(ends[0]), int(ends[1]))


@dataclass(frozen=True)
class Speaking:
    """One statement of one segment, and what is told of it."""

    saying: Saying
    evidence: Evidence
    quotes: Ints  # texts that can be quoted, best first


@dataclass(frozen=True)
class Setting:
    """What is told, and by which rules."""

    said: Statements
    apart: Apart
    assigned: Ints  # (n,) segment of each customer from 0, -1 for none
    customers: int  # how many they are said to be: how few wrote nothing does not follow
    ratings: Mapping[str, Floats]  # "satisfaction", "importance": 0 to 10, NaN without; (n,)
    weights: Floats  # (n,)
    lengths: Ints  # characters of each text
    column: str
    noun: str
    least: int
    source: str

    def size(self, k: int) -> int:
        """Return how many customers a segment is said to have."""
        here = min(int((self.assigned == k).sum()), self.customers)
        return coarse_count(here, self.customers, self.least)

    @cached_property
    def nested(self) -> frozenset[int]:
        """Statements that hardly more say than one that holds it, or the other way around.

        Who says *slow* and not *very slow* would be told by the difference of two shares.
        """
        told = np.flatnonzero(self.apart.told.any(axis=1))
        at = np.searchsorted(told, self.said.statement)
        here = np.isin(self.said.statement, told)
        shape = (len(told), len(self.assigned))
        makes = csr_array(
            (np.ones(here.sum()), (at[here], self.said.customer[here])), shape=shape
        )  # fmt: skip
        both, sizes = (makes @ makes.T).toarray(), self.apart.counts[told]
        found: set[int] = set()
        for i, j in np.argwhere(both == np.diag(both)).tolist():  # who makes j makes i, too
            own = sizes[i] - sizes[j]
            cells = np.append(own, own.sum() - own)
            if i != j and ((cells > 0) & (cells < self.least)).any():
                found |= {int(told[i]), int(told[j])}
        return frozenset(found)

    def of_segment(self, k: int, number: int, taken: set[str]) -> list[Speaking]:
        """Return what sets segment k apart, what is most telling first."""
        return [self._speaking(k, number, group, taken) for group in self._groups(k)]

    def _weights(self, k: int) -> Floats:
        """How telling each statement is: its share, and how surely it is said more often."""
        with np.errstate(invalid="ignore"):
            weight = self.apart.shares[:, k] * np.log(np.maximum(self.apart.low[:, k], 1.0))
        return np.where(self.apart.told[:, k], np.nan_to_num(weight), -1.0)

    def _groups(self, k: int) -> list[list[int]]:
        """Return statements that are told together, the one that is told by its numbers first."""
        r, weight = len(self.said.phrases), self._weights(k)
        groups, left = [], set(np.flatnonzero(self.apart.told[:r, k]).tolist())
        for j, members in enumerate(self.said.themes):
            own = [i for i in members.tolist() if i in left]
            if self.apart.told[r + j, k]:
                own.append(r + j)
            if own:
                left -= set(own)
                groups.append(sorted(own, key=lambda i: (-weight[i], i)))
        groups += [[i] for i in left]
        return sorted(groups, key=lambda group: (-weight[group[0]], group[0]))

    def _speaking(self, k: int, number: int, group: Sequence[int], taken: set[str]) -> Speaking:
        first = group[0]
        phrase, also = self._named(k, group)
        id_ = unused(
            f"voices.{slug(self.column)}.{number}.{slug(phrase, every_script=True)}", taken
        )
        taken.add(id_)
        place = self.said.rows(first)
        here = self.assigned[self.said.customer[place]] == k
        whose, texts = self.said.customer[place][here], self.said.text[place][here]
        quotes = self._quotable(texts)
        members = self.size(k)
        saying = Saying(
            evidence=id_,
            phrase=phrase,
            also=also,
            tone=_tone(self.said.tones[place][here]),
            share=_told(self.apart.shares[first, k], members, self._shown(first)),
            others=self._others(first, k),
            ratio=_rounded(self.apart.ratios[first, k]),
            interval=Interval(
                low=_rounded(self.apart.low[first, k]), high=_rounded(self.apart.high[first, k])
            ),
            satisfaction=self._rating("satisfaction", whose),
            importance=self._rating("importance", whose),
            quotes=len(quotes),
        )
        return Speaking(saying, self._evidence(saying, number, members), quotes)

    def _others(self, first: int, k: int) -> float | None:
        rest = int(self.apart.counts[first].sum() - self.apart.counts[first, k])
        if rest < self.least:
            return None
        beside = self.customers - self.size(k)
        return _told(self.apart.others[first, k], beside, self._shown(first))

    def _shown(self, first: int) -> int:
        """Return of what counts are told as multiples, so that no small one follows from others."""
        sizes = np.bincount(self.assigned[self.assigned >= 0], minlength=self.apart.counts.shape[1])
        own = self.apart.counts[first]
        cells = np.concatenate([own, sizes - own])
        enough = (cells >= self.least).all() and first not in self.nested
        return 1 if enough else self.least

    def _named(self, k: int, group: Sequence[int]) -> tuple[str, list[str]]:
        """Return what a group is called, and its other phrases."""
        r = len(self.said.phrases)
        own = [i for i in group if i < r]
        if group[0] >= r:
            count = self.apart.counts[:, k]
            own = self._by_name(own or self.said.themes[group[0] - r].tolist(), count)
            own = [i for j, i in enumerate(own) if j == 0 or count[i] >= self.least]
        names = [self.said.phrases[i] for i in own]
        return names[0], _unlike(names)[:_ALSO]

    def _quotable(self, texts: Ints) -> Ints:
        """Return texts that can be quoted: those that are neither a word nor a page."""
        order = np.lexsort((texts, np.abs(self.lengths[texts] - 100)))
        return texts[order[:_QUOTES]]

    def _rating(self, what: str, whose: Ints) -> Rating | None:
        """Return the mean of those who say it, where enough of them answered."""
        if what not in self.ratings:
            return None
        given, weights = self.ratings[what][whose], self.weights[whose]
        there = np.isfinite(given)
        given, weights = given[there], weights[there]
        n = len(given)
        if n < max(self.least, 2) or not weights.any():
            return None
        if is_small(int((given != np.median(given)).sum()), self.least):
            return None  # the mean would tell what these few said
        if self.least > 1:
            given = pulled_in(given, Membership.of(np.ones((n, 1)), weights), 1)
        parts = weights / weights.sum()
        mean = float(parts @ given)
        error = np.sqrt(n / (n - 1) * float(parts**2 @ (given - mean) ** 2))
        reach = float(stdtrit(n - 1, 0.975)) * float(error)
        low, high = max(mean - reach, 0.0), min(mean + reach, 10.0)
        return Rating(
            mean=round(mean, 1),
            interval=Interval(low=round(low, 1), high=round(high, 1)),
            n=max(coarse_count(n, len(self.assigned), self.least), self.least),
        )

    def _evidence(self, saying: Saying, number: int, members: int) -> Evidence:
        n = max(members, self.least)
        mark = fingerprint(saying.evidence, saying.ratio, saying.interval, n, _METHOD)
        return Evidence(
            id=saying.evidence,
            statement=said_of(self.noun, number, saying),
            value=saying.ratio,
            interval=saying.interval,
            n=n,
            method=_METHOD,
            source=self.source,
            fingerprint=mark,
        )

    def common(self) -> list[Said]:
        """Return what most customers say, and no segment surely more often than others."""
        r, n = len(self.said.phrases), self.customers
        counts = self.apart.counts.sum(axis=1)
        apart = np.asarray(self.apart.told.any(axis=1))
        found: list[Said] = []
        themed = {int(i) for members in self.said.themes for i in members}
        for i in np.argsort(-counts, kind="stable").tolist():
            lone = i not in themed if i < r else not np.any(apart[self.said.themes[i - r]])
            if not apart[i] and lone and counts[i] >= self.least and len(found) < _COMMON:
                own = [i] if i < r else self._by_name(self.said.themes[i - r].tolist(), counts)
                name = self.said.phrases[own[0]]
                share = float(self.apart.common[i])
                found.append(Said(phrase=name, share=_told(share, n, self.least)))
        return found

    def _by_name(self, members: Sequence[int], count: Floats) -> list[int]:
        """Return phrases of a theme, first the one that names it: of many words, and not rare."""
        often = sorted(members, key=lambda i: (-count[i], i))
        enough = [i for i in often if count[i] >= _NAMES * count[often[0]]]
        best = max(enough, key=lambda i: (len(self.said.phrases[i].split()), count[i], -i))
        return [best, *(i for i in often if i != best)]


def _unlike(names: Sequence[str]) -> list[str]:
    """Return all names but the first, without those that are a part of another one."""
    padded = [f" {name} " for name in names]
    return [
        name for i, name in enumerate(names)
        if i > 0 and not any(padded[i] in other for j, other in enumerate(padded) if i != j)
    ]  # fmt: skip


def _tone(tones: Bools) -> Tone | None:
    """Return in which tone something is mostly said: fears and jobs before pains and gains."""
    if not len(tones):
        return None
    pain, gain, job, fear = tones.mean(axis=0).tolist()
    if max(fear, job) >= _TONED:
        return "fear" if fear >= _TONED else "job"
    if max(pain, gain) < _TONED or max(pain, gain) < _CLEARLY * min(pain, gain):
        return None
    return "pain" if pain > gain else "gain"


def _told(share: float, of: int, least: int) -> float:
    """Return a share of so many customers, as one of a multiple of so many of them."""
    counted = coarse_count(round(share * of), of, least)
    return float(f"{max(counted, min(least, of)) / max(of, 1):.3g}")


def _rounded(value: float) -> float:
    return float(f"{value:.2g}")
