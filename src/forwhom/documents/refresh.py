"""A later period held against segments: what grew, what moved, who went where, and what follows."""

import math
from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.nouns import in_digits, numbered, phrase
from forwhom.languages.catalog import SOURCE, language, later, tr, tr_count
from forwhom.wording import apart, between, decimal, listed, lowered, opened, percent

#: ``keep``: no sign of change, and a change of half a standard deviation would have shown;
#: ``watch``: something changed, and not by much; ``refit``: by more than matters; ``unknown``: no
#: sign, and too few customers to exclude a change.
Verdict = Literal["keep", "watch", "refit", "unknown"]
#: Whether a distribution changed: surely by more than matters, surely, surely by less, or unknown.
Shifted = Literal["much", "changed", "same", "unknown"]
#: What a move is: of a mean in standard deviations of all customers, of a share on the arcsine
#: scale (Cohen's h), of levels (Cramér's V).
MoveKind = Literal["d", "h", "V"]

#: Probability that segments which are as they were are called changed.
LEVEL = 0.05
#: A population stability index (PSI) that is much, as is the custom.
MUCH = 0.1
#: Moves that matter, and those that must be excluded before segments are called the same.
MATTERS: dict[MoveKind, float] = {"d": 0.2, "h": 0.2, "V": 0.1}
EXCLUDED: dict[MoveKind, float] = {"d": 0.5, "h": 0.5, "V": 0.25}
#: A share of customers who fit no segment that is too large to go on.
MANY_UNFIT = 0.02
#: A segment of a refit that overlaps less than this with every earlier one is another.
AGAIN = 0.5

#: Moves that are told in sentences.
TOLD = 4

#: The verdict where it is not open; where only the sizes changed, it has words of its own.
_VERDICTS: dict[str, str] = {
    "keep": later("Keep them: {parts} are the same, and as large as they were."),
    "resized": later("Keep them: {parts} are the same; their sizes changed."),
    "watch": later("Keep them, and watch: {parts} changed a little."),
    "refit": later("Find them again: {parts} are no longer what they were."),
}
#: Whether a variable changed, and whether the sizes of the segments did.
_SHIFTED: dict[Shifted, str] = {
    "much": later("{variable} changed much ({psi})."),
    "changed": later("{variable} changed ({psi})."),
    "same": later("{variable} is as it was ({psi})."),
    "unknown": later("Whether {variable} changed we cannot tell ({psi})."),
}
_RESIZED: dict[Shifted, str] = {
    "much": later("The sizes of {parts} changed much ({psi})."),
    "changed": later("The sizes of {parts} changed ({psi})."),
    "same": later("The sizes of {parts} are as they were ({psi})."),
    "unknown": later("Whether the sizes of {parts} changed we cannot tell ({psi})."),
}


class Range(Document):
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


class SizeNow(Document):
    """How large a segment was and is."""

    segment: int
    before: Range
    now: Range = Field(description="Share now, with segments that are as they were.")
    placed: int | None = Field(description="Customers placed here; None where withheld.")
    refitted: Range | None = Field(
        default=None, description="Share of its successor in the refit; None without one."
    )


class Shift(Document):
    """How much a distribution changed: the population stability index, less what chance gives."""

    variable: str = Field(description="Name of the variable; empty: the sizes of the segments.")
    label: str
    bins: int
    raw: float = Field(description="As it is usually computed.")
    psi: Range = Field(description="Less its expectation where nothing changed; at least 0.")
    p: float = Field(description="Of no change, by Holm's method over all variables.")
    verdict: Shifted

    def said(self, noun: str) -> str:
        """Say in a sentence whether it changed; ``noun`` is what a segment is called."""
        if not self.variable:
            return tr(_RESIZED[self.verdict], parts=phrase("all", noun), psi=self._psi)
        label = lowered(self.label) if self.verdict == "unknown" else self.label
        return tr(_SHIFTED[self.verdict], variable=apart(label), psi=self._psi)

    @property
    def _psi(self) -> str:
        ends = between(decimal(self.psi.low), decimal(self.psi.high))
        return tr("PSI {value}, {range}", value=decimal(self.psi.value), range=ends)


class Move(Document):
    """How far one variable of one segment moved."""

    segment: int
    variable: str
    label: str
    kind: MoveKind
    effect: float = Field(description="Among those whom the frozen model places; signed for d.")
    low: float
    high: float
    p: float = Field(description="Of no move, by Holm's method over all that was compared.")
    refitted: float | None = Field(
        default=None, description="The same in the successor of the refit, where there is one."
    )
    formed: bool = Field(default=True, description="Whether the variable formed the segments.")
    words: str = Field(default="", description="From what to what, in units of the data.")

    @property
    def moved(self) -> bool:
        """Whether it surely moved."""
        return self.p < LEVEL

    @property
    def matters(self) -> bool:
        """Whether it surely moved, by more than matters here or in the refit."""
        return self.moved and self.size >= MATTERS[self.kind]

    @property
    def size(self) -> float:
        """How far it moved, here or in the refit."""
        return max(abs(self.effect), abs(self.refitted or 0.0))

    @property
    def small(self) -> bool:
        """Whether a move that matters is excluded."""
        ends = (self.low, self.high, self.refitted or 0.0)
        return max(map(abs, ends)) < MATTERS[self.kind]

    @property
    def excluded(self) -> bool:
        """Whether a large move is excluded."""
        return max(abs(self.low), abs(self.high)) < EXCLUDED[self.kind]


class Unfit(Document):
    """Customers who fit no segment."""

    few: bool = Field(default=False, description="Somebody, but too few to be told.")
    before: Range
    now: Range
    p: float = Field(description="Of no more than before.")

    @property
    def more(self) -> bool:
        """Whether they are surely more, and too many to go on."""
        return self.p < LEVEL and self.now.low > MANY_UNFIT


class Transitions(Document):
    """Where customers went: segments before (rows) by segments now (columns), 0 for none."""

    segments: list[int] = Field(description="Of rows and columns.")
    both: int = Field(description="Customers in both periods.")
    table: list[list[int | None]] = Field(description="None where withheld.")
    new: list[int | None] = Field(description="Customers who were not there before, by segment.")
    left: list[int | None] = Field(description="Customers who are not there now, by segment.")
    stayed: float | None = Field(description="Of those in both, the share in the same segment.")
    by_chance: float | None = Field(
        default=None, description="What that share would be if nobody's place depended on the last."
    )

    @property
    def fleeting(self) -> bool:
        """Whether surely fewer than half of those whom chance would move stayed."""
        if self.stayed is None or self.by_chance is None or self.by_chance >= 1 or not self.both:
            return False
        error = math.sqrt(self.stayed * (1 - self.stayed) / self.both)
        return self.stayed + 1.96 * error < (1 + self.by_chance) / 2


class Successor(Document):
    """The segment of the refit that holds most customers of an earlier one."""

    segment: int
    refit: int = Field(description="Its number in the refit.")
    overlap: float = Field(description="Jaccard index of their customers.")

    @property
    def found(self) -> bool:
        """Whether it can be called the same segment."""
        return self.overlap >= AGAIN


class Refitted(Document):
    """The segments that the same settings find in the later customers."""

    k: int
    agreement: float = Field(description="Adjusted Rand index with the frozen segments: 1 is same.")
    successors: list[Successor] = Field(description="Of each earlier segment that has one.")
    added: list[float] = Field(description="Shares of segments that follow no earlier one.")


class PeriodSource(Document):
    """A table of the later period."""

    name: str
    rows: int | None = None
    fingerprint: str


class Refresh(Document):
    """A later period, scored with the frozen model and refitted."""

    forwhom: Literal[1] = 1
    kind: Literal["refresh"] = "refresh"
    created: str = Field(description="ISO 8601, UTC.")
    version: str
    lineage: str = Field(description="Of the model that was frozen.")
    day: str = Field(description="The day as of which memberships are: 2026-06-30.")
    seed: int = 0
    n: int = Field(description="Customers of the later period.")
    sources: list[PeriodSource]
    noun: str = "segment"
    threshold: int = 10
    verdict: Verdict
    alarm: float = Field(
        description="Probability of what was seen in all comparisons where nothing changed."
    )
    sizes: list[SizeNow]
    shift: Shift | None = Field(description="The sizes of the segments; None with only one.")
    shifts: list[Shift] = Field(default_factory=list, description="Variables, most changed first.")
    moves: list[Move] = Field(
        default_factory=list,
        description="What forms segments first; of it, the largest of the sure moves.",
    )
    unfit: Unfit | None = Field(default=None, description="None where nothing tells who fits.")
    transitions: Transitions | None = Field(
        default=None, description="None without members of the earlier period."
    )
    refitted: Refitted | None = None
    lacking: list[str] = Field(
        default_factory=list, description="Labels of what forms segments and is not in the data."
    )
    notes: list[str] = Field(default_factory=list)

    @property
    def resized(self) -> bool:
        """Whether the sizes of the segments surely changed."""
        return self.shift is not None and self.shift.verdict in ("much", "changed")

    @property
    def headline(self) -> str:
        """The verdict in a few words."""
        parts = phrase("all", self.noun)
        if self.verdict != "unknown":
            only_sizes = self.verdict == "keep" and self.resized
            return tr(_VERDICTS["resized" if only_sizes else self.verdict], parts=parts)
        if self.lacking:
            return self._lacks(parts)
        formed = [move for move in self.moves if move.formed]
        if not formed or any(not move.excluded for move in formed):
            return tr(
                "We cannot tell whether these are still {parts}: too few customers.", parts=parts
            )
        return tr(
            "We cannot tell whether these are still {parts}: not all could be compared.",
            parts=parts,
        )

    def _lacks(self, parts: str) -> str:
        labels = listed([apart(label) for label in self.lacking], most=4)
        if len(self.lacking) == 1:
            return tr(
                "We cannot tell whether these are still {parts}: {variable} is missing from the "
                "new data.",
                parts=parts,
                variable=labels,
            )
        return tr(
            "We cannot tell whether these are still {parts}: {variables} are missing from the new "
            "data.",
            parts=parts,
            variables=labels,
        )

    @property
    def sentences(self) -> list[str]:
        """The reasons, a sentence each."""
        return [*self._changes(), *self._others()]

    def _changes(self) -> Iterator[str]:
        moved = [move for move in self.moves if move.moved and move.formed]
        for move in moved[:TOLD]:
            yield _said(move, self.noun)
        if len(moved) > TOLD:
            yield tr_count(
                "{n} more such move is among the numbers.",
                "{n} more such moves are among the numbers.",
                len(moved) - TOLD,
            )
        if moved and self.verdict == "keep":
            yield tr("That is surely less than matters.")
        if not moved and self.alarm < LEVEL:
            yield tr(
                "All comparisons together say that something changed; none of them alone does."
            )
        if not moved and self.verdict == "keep":
            yield tr(
                "{none} moved by half a standard deviation or more in anything that was compared.",
                none=opened(phrase("none", self.noun)),
            )
        if self.verdict == "unknown":
            yield self._unseen()

    def _unseen(self) -> str:
        """Say of which segments a large change cannot be excluded."""
        open_ = sorted({m.segment for m in self.moves if m.formed and not m.excluded})
        if not open_:
            return tr(
                "No change shows; {some} could be compared in all.",
                some=phrase("not every", self.noun),
            )
        return tr(
            "No change of {parts} shows, and a large one cannot be excluded.",
            parts=numbered(self.noun, open_, most=8),
        )

    def _others(self) -> Iterator[str]:
        if self.shift is not None:
            yield self.shift.said(self.noun)
        if self.unfit is not None:
            yield _fits_none(self.unfit, self.noun)
        others = [move for move in self.moves if move.moved and not move.formed]
        for move in others[:2]:
            formed = tr("It formed {none}.", none=phrase("none", self.noun))
            yield f"{_said(move, self.noun)} {formed}"
        changed = [apart(one.label) for one in self.shifts if one.verdict in ("much", "changed")]
        if changed:
            yield tr(
                "Customers as a whole are others in {variables}.",
                variables=listed(changed, most=4),
            )
        if self.transitions is not None and self.transitions.stayed is not None:
            yield _stay(self.transitions, self.transitions.stayed, self.noun)
            if self.transitions.fleeting and not self.lacking:
                yield tr(
                    "Who is {where} does not last: place customers anew before you use an earlier "
                    "list.",
                    where=phrase("in which", self.noun),
                )
        if self.refitted is not None:
            yield from _refit_said(self.refitted, self.noun, len(self.sizes))

    def __str__(self) -> str:
        return "\n".join([self.headline, *self.sentences, *self.notes])


def _said(move: Move, noun: str) -> str:
    part, variable = opened(numbered(noun, [move.segment])), apart(move.label)
    # From what to what is kept in words, and these are English.
    if move.words and language() == SOURCE:
        variable = f"{variable}, {move.words}"
    size = decimal(abs(move.effect))
    effect = tr("{size} standard deviations", size=size)
    if move.kind != "d":
        effect = apart(f"{move.kind} = {size}")
    if move.refitted is None:
        return tr("{part} moved in {variable} ({effect}).", part=part, variable=variable,
                  effect=effect)  # fmt: skip
    return tr(
        "{part} moved in {variable} ({effect}; {again} in the refit).",
        part=part,
        variable=variable,
        effect=effect,
        again=decimal(abs(move.refitted)),
    )


def _fits_none(unfit: Unfit, noun: str) -> str:
    none = phrase("none", noun)
    if unfit.few:
        return tr("Hardly any customers fit {none}.", none=none)
    share = percent(unfit.now.value)
    now = between(percent(unfit.now.low), percent(unfit.now.high))
    if unfit.p < LEVEL:
        return tr(
            "{share} ({between}) of the customers fit {none}, more than before ({before} or less).",
            share=share, between=now, none=none, before=percent(unfit.before.value),
        )  # fmt: skip
    return tr(
        "{share} ({between}) of the customers fit {none}, which is not more than before.",
        share=share, between=now, none=none,
    )  # fmt: skip


def _stay(told: Transitions, stayed: float, noun: str) -> str:
    """Say how many of those in both periods stayed where they were."""
    where, share = phrase("in the same", noun), percent(stayed)
    if told.by_chance is None:
        return tr_count(
            "Of {n} customer in both periods {share} are {where}.",
            "Of {n} customers in both periods {share} are {where}.",
            told.both, share=share, where=where,
        )  # fmt: skip
    return tr_count(
        "Of {n} customer in both periods {share} are {where}; by chance alone {chance} would be.",
        "Of {n} customers in both periods {share} are {where}; by chance alone {chance} would be.",
        told.both, share=share, where=where, chance=percent(told.by_chance),
    )  # fmt: skip


def _refit_said(refitted: Refitted, noun: str, k: int) -> Iterator[str]:
    lost = k - sum(one.found for one in refitted.successors)
    yield tr(
        "Sought again with the same settings, there are {parts}; they agree with these by "
        "{agreement} (1: the same).",
        parts=in_digits(noun, refitted.k),
        agreement=decimal(refitted.agreement),
    )
    if lost == 1:
        yield tr("{part} of these is not found again.", part=in_digits(noun, 1))
    elif lost:
        yield tr("{parts} of these are not found again.", parts=in_digits(noun, lost))
    if refitted.added:
        shares = listed([percent(share) for share in refitted.added])
        parts = in_digits(noun, len(refitted.added))
        yield tr("New: {parts} with {shares} of the customers.", parts=parts, shares=shares)


def verdict_of(alarm: float, moves: Sequence[Move], unfit: Unfit | None, complete: bool) -> Verdict:
    """Return what follows from what was found.

    ``complete`` says whether every segment was compared in every variable that forms segments.
    """
    formed = [move for move in moves if move.formed]
    more_unfit = unfit is not None and unfit.p < LEVEL
    if formed and complete and not more_unfit and all(move.small for move in formed):
        return "keep"
    if alarm < LEVEL:
        matter = any(move.matters for move in formed) or (unfit is not None and unfit.more)
        return "refit" if matter else "watch"
    if formed and complete and all(move.excluded for move in formed):
        return "keep"
    return "unknown"
