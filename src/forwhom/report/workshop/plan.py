from collections.abc import Iterator

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.kinds import Buti
from forwhom.documents.canvas.people import CanvasSegment
from forwhom.documents.canvas.ratings import Alignment, Thresholds
from forwhom.documents.canvas.value import Need
from forwhom.errors import DataError, OptionError
from forwhom.languages.catalog import chosen, later, speaking, tr, tr_count
from forwhom.languages.codes import is_right_to_left
from forwhom.report.needkinds import kind_of
from forwhom.report.workshop.agenda import FIRST_ROUND, Step, agenda
from forwhom.wording import clean, listed, opened

#: The three segments of the exercise, in the order in which they are read.
ROLES: dict[Buti, str] = {
    "buyer": later("buyer"),
    "user": later("user"),
    "target-impact": later("target impact"),
}
ROUNDS = (1, 2)
#: Most raters that one workshop can hear.
MOST_RATERS = 30
#: Most numbers to circle: for one person, almost three hours.
MOST_LINES = 1000
#: How long a rater takes for one line, in seconds.
_SECONDS_A_LINE = 10
#: Who of a purchase belongs to a segment, and does not only decide about it.
_SPEAK: dict[Buti, set[str]] = {
    "buyer": {"buyer", "donor", "decision-maker", "purchaser", "approver"},
    "user": {"user"},
    "target-impact": {"target-impact"},
}
#: A team that decides "not for them" does not ask what they would like.
_LEFT_OUT = {"ignore", "not-a-customer"}


class RatedSegment(Document):
    """A segment that items are rated for; it has a rating sheet."""

    id: str = Field(description="Id in the canvas.")
    name: str = Field(description="Its name.")
    role: str = Field(description="Buyer, user or target impact, in words.")
    within: str = Field(description="The same, as it goes on in a sentence.")
    speakers: list[str] = Field(description="Participants of the canvas who can speak for it.")


class RatedItem(Document):
    """A need that is rated."""

    number: int = Field(description="Number on every sheet.")
    id: str = Field(description="Id in the canvas.")
    text: str = Field(description="The statement.")
    kind: str = Field(description="Job, want, fear, pain or gain.")


class ItemGroup(Document):
    """Items of the segment that has them."""

    owner: str = Field(description="Name of the segment; empty: none that is rated for.")
    role: str = Field(description="Its role, in words.")
    items: list[RatedItem] = Field(description="Its items.")


class WorkshopPlan(Document):
    """Everything that the pack prints."""

    title: str = Field(description="Title of the canvas.")
    language: str = Field(description="Language that the pages speak.")
    right_to_left: bool = Field(description="Whether that language is written so.")
    minutes: int = Field(description="Length of the workshop.")
    raters: int = Field(description="For how many raters.")
    agenda: list[Step] = Field(description="What happens when.")
    segments: list[RatedSegment] = Field(description="For whom items are rated.")
    groups: list[ItemGroup] = Field(description="The items, by who has them.")
    thresholds: Thresholds = Field(description="Where one class ends and the next begins.")
    warnings: list[str] = Field(description="What the facilitator should know beforehand.")

    @property
    def items(self) -> list[RatedItem]:
        """All items, in the order of the sheets."""
        return [item for group in self.groups for item in group.items]


def plan_workshop(
    canvas: Canvas, *, minutes: int = 60, raters: int = 6, language: str | None = None
) -> WorkshopPlan:
    """Plan the exercise: who rates what, for whom, when; in the language of the canvas."""
    if not 1 <= raters <= MOST_RATERS:
        raise OptionError(
            f"{raters} raters are outside 1 to {MOST_RATERS}.",
            "With more people, run the exercise twice and put the answers into one file.",
        )
    spoken = chosen(language, canvas.language)
    with speaking(spoken):
        segments = _segments(canvas)
        plan = WorkshopPlan(
            title=clean(canvas.title),
            language=spoken,
            right_to_left=is_right_to_left(spoken),
            minutes=minutes,
            raters=raters,
            agenda=agenda(minutes),
            segments=[_rated(canvas, s) for s in segments],
            groups=_groups(canvas, segments),
            thresholds=(canvas.alignment or Alignment()).thresholds,
            warnings=[],
        )
        return plan.model_copy(update={"warnings": list(_warnings(plan, segments))})


def rated_segments(canvas: Canvas) -> list[CanvasSegment]:
    """Return segments with a role, buyers first, then users, then target impact."""
    order = list(ROLES)
    rated = [s for s in canvas.segments if s.buti and s.status not in _LEFT_OUT]
    return sorted(rated, key=lambda s: min(order.index(role) for role in s.buti))


def _segments(canvas: Canvas) -> list[CanvasSegment]:
    """Segments that are rated for; there are two at least."""
    rated = rated_segments(canvas)
    if len(rated) < 2:
        where = canvas.place("segments")
        few = f"only the segment {rated[0].id!r} has" if rated else "no segment has"
        raise DataError(
            f"{where + ': ' if where else ''}{few} a role in the exercise: buyer, user or target "
            "impact.",
            "Give at least two segments a role, for example 'buti: [buyer]' to who pays and "
            "decides, 'buti: [user]' to who works with it, and 'buti: [target-impact]' to who "
            "benefits in the end. Segments that are ignored or not customers do not count.",
        )
    return rated


def _rated(canvas: Canvas, segment: CanvasSegment) -> RatedSegment:
    own = {role for name in segment.buti for role in _SPEAK[name]}
    speakers = [
        clean(p.name)
        for p in canvas.participants
        if segment.id in p.segments and own & set(p.roles)
    ]
    return RatedSegment(
        id=segment.id,
        name=clean(segment.name),
        role=opened(_roles(segment)),
        within=_roles(segment),
        speakers=speakers,
    )


def _groups(canvas: Canvas, segments: list[CanvasSegment]) -> list[ItemGroup]:
    needs = _needs(canvas, {s.id for s in segments})
    if not needs:
        raise DataError(
            "there is nothing to rate: no need belongs to a segment with a role in the exercise.",
            "Add the two or three most important jobs of each of these segments under 'needs', "
            f"with 'segments: [{segments[0].id}]'.",
        )
    lines = len(needs) * len(segments)
    if lines > MOST_LINES:
        where = canvas.place("alignment", "items")
        raise DataError(
            f"{where + ': ' if where else ''}{len(needs)} items for {len(segments)} segments are "
            f"{lines:,} numbers to circle; more than {MOST_LINES:,} are no workshop.",
            "Name the items under 'alignment: items', two or three for each segment, and give a "
            "role ('buti') only to segments that are asked about.",
        )
    groups, number = [], 0
    for owner in [*segments, None]:
        own = [need for need in needs if _owner(need, segments) is owner]
        items = [_item(need, number + i) for i, need in enumerate(own, 1)]
        number += len(items)
        if items:
            name, role = (clean(owner.name), _roles(owner)) if owner else ("", "")
            groups.append(ItemGroup(owner=name, role=role, items=items))
    return groups


def _needs(canvas: Canvas, rated: set[str]) -> list[Need]:
    """Needs that the alignment names, else those with ratings, else all of these segments."""
    alignment = canvas.alignment or Alignment()
    chosen = set(alignment.items) or {rating.item for rating in alignment.ratings}
    if chosen:
        return [need for need in canvas.needs if need.id in chosen]
    return [need for need in canvas.needs if rated & set(need.segments)]


def _owner(need: Need, segments: list[CanvasSegment]) -> CanvasSegment | None:
    return next((s for s in segments if s.id in need.segments), None)


def _roles(segment: CanvasSegment) -> str:
    return listed([tr(ROLES[role]) for role in ROLES if role in segment.buti])


def asked(need: Need) -> str:
    """Return a need as raters are asked how desirable it is."""
    statement = clean(need.statement)
    # How desirable is "my tools come back broken"? What is rated is to be spared it.
    spared = need.kind in ("fear", "pain")
    return tr("To be spared: {statement}", statement=statement) if spared else statement


def _item(need: Need, number: int) -> RatedItem:
    return RatedItem(number=number, id=need.id, text=asked(need), kind=tr(kind_of(need)))


def _warnings(plan: WorkshopPlan, segments: list[CanvasSegment]) -> Iterator[str]:
    missing = [name for role, name in ROLES.items() if not any(role in s.buti for s in segments)]
    if missing:
        yield tr(
            "No segment has the role {roles}, so the exercise cannot show whether it is aligned "
            "with the others.",
            roles=listed([tr(name) for name in missing]),
        )
    lines = len(plan.items) * len(plan.segments)
    needed = -(-lines * _SECONDS_A_LINE // 60)
    there = plan.agenda[FIRST_ROUND].minutes
    if needed > there:
        yield tr(
            "{items} for {segments} are {lines}, about {minutes} for somebody who rates for all; "
            "round 1 has {there}. Share the sheets out, so that everybody fills in one, or name "
            "fewer items under 'alignment: items' (two or three for each segment are usual).",
            items=tr_count("{n} item", "{n} items", len(plan.items)),
            segments=tr_count("{n} segment", "{n} segments", len(plan.segments)),
            lines=tr_count("{n} line", "{n} lines", lines),
            minutes=tr_count("{n} minute", "{n} minutes", needed),
            there=there,
        )
