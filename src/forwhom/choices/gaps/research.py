"""What is missing of the first two steps: who they are, what is known, who stands for them."""

from collections.abc import Iterator

from forwhom.choices.gaps.situation import Situation, example, then
from forwhom.choices.purchase.tracing import purchase_map
from forwhom.documents.canvas.sides import sides_of
from forwhom.documents.participants import has_buti_blocks, tells_buti_apart
from forwhom.documents.results.nextsteps import Task
from forwhom.languages.catalog import tr
from forwhom.wording import tr_counted

_FROM_SEGMENTATION = "forwhom canvas seed segments -o canvas.yaml"


def segments(found: Situation) -> Iterator[Task]:
    """Yield what is missing of whom the canvas is for."""
    canvas = found.canvas
    if not canvas.segments:
        yield found.task(
            "segments",
            "research",
            "model",
            tr("Say for whom: name groups of people or organizations by what they need and do."),
            tr("The canvas names no segment."),
            why=tr(
                "Everything else in it is for somebody; without a segment nothing can be checked."
            ),
            touches={"proposition": len(canvas.propositions), "need": len(canvas.needs)},
            begin=example(
                "segments:\n  - {{id: weekly-planners, name: {name}}}",
                name=tr("Parents who plan the month"),
            ),
        )
        return
    if canvas.market_type is None and found.in_play:
        yield found.task(
            "market-type",
            "research",
            "whom",
            tr(
                "Say what kind of market it is: mass, niche, segmented, diversified or multi-sided."
            ),
            tr("Nobody says whether one offer is for all, or each segment needs its own."),
            why=tr(
                "It decides whether there is one proposition, channel and relationship or "
                "several, and whether one side is worth anything without the other."
            ),
            touches={"segment": len(found.in_play)},
            begin="market_type: segmented",
        )
    yield from _left_out(found)
    yield from _decided(found)


def _decided(found: Situation) -> Iterator[Task]:
    """Segments of which nobody has decided anything."""
    canvas = found.canvas
    if not found.decided:
        yield found.task(
            "decided",
            "research",
            "whom",
            tr("Decide which segments to serve, and which to ignore."),
            tr_counted(
                "{n} segment is only a candidate.",
                "{n} segments are only candidates.",
                len(canvas.segments),
            ),
            why=tr(
                "Offer, channels and prices can be designed around a segment once it is chosen."
            ),
            touches={"segment": len(canvas.segments)},
            at=("segments",),
            begin="status: serve\ndecision: {reason: …, date: …}",
        )


def _left_out(found: Situation) -> Iterator[Task]:
    canvas = found.canvas
    if not canvas.not_for and all(s in found.in_play for s in canvas.segments):
        yield found.task(
            "excluded",
            "research",
            "whom",
            tr("Say who is no customer of yours, and why."),
            tr("Nobody is left out: everybody is a customer."),
            why=tr(
                "Not being for somebody is what makes an offer clear for the others, and "
                "saves the money that they would cost."
            ),
            touches={"segment": len(found.in_play)},
            begin=example(
                "not_for:\n  - {text}",
                text=tr("People who want somebody else to manage their money"),
            ),
            rules=["FW203"],
        )
    if len(canvas.segments) > 1 and canvas.decision is None:
        yield found.task(
            "choice",
            "research",
            "whom",
            tr(
                "Weigh the segments against each other: criteria, scores, weights of several "
                "people."
            ),
            tr("No criteria say why one segment comes before another."),
            why=tr(
                "Somebody's favorite segment is chosen otherwise; with weights it shows how "
                "much depends on whose opinion counts."
            ),
            touches={"decision": found.decided},
            begin=_two_criteria(found),
        )


def _two_criteria(found: Situation) -> str:
    return example(
        "decision:\n  criteria:\n    - {{id: size, name: {size}}}\n"
        "    - {{id: reach, name: {reach}, axis: ability}}\n"
        "  scores:\n    {one}: {{size: 6, reach: 8}}\n",
        size=tr("How many they are"),
        reach=tr("We can reach them"),
        one=found.one,
    ) + then("forwhom decide canvas.yaml")


def evidence(found: Situation) -> Iterator[Task]:
    """Yield what nothing that is known stands behind."""
    canvas = found.canvas
    claims = sum(len(one.claims) for one in canvas.segments)
    claims += sum(len(one.claims) for one in canvas.personas)
    if not canvas.evidence:
        yield found.task(
            "evidence",
            "research",
            "whom",
            tr("Find out what is known: look at data of customers, or talk to some of them."),
            tr("Nothing in the canvas rests on evidence."),
            why=tr("What nobody measured or heard is opinion, and the loudest one decides."),
            touches={"decision": found.decided, "claim": claims, "need": len(canvas.needs)},
            begin=example(
                "evidence:\n  - {{id: interviews, statement: {statement}, n: 14, "
                "source: {source}}}\n",
                statement=tr("What eleven of fourteen did last week."),
                source=tr("Interviews"),
            )
            + "# "
            + tr("or, from data: {command}", command=_FROM_SEGMENTATION),
        )
        return
    yield from _evidence_of_segments(found)


def _evidence_of_segments(found: Situation) -> Iterator[Task]:
    """Served segments behind which nothing is cited."""
    canvas = found.canvas
    bare = [
        s
        for s in found.served
        if not (s.decision and s.decision.evidence)
        and not any(c.evidence for c in s.claims)
        and not (s.size and s.size.evidence)
    ]
    if bare:
        yield found.task(
            "evidence-of-segments",
            "research",
            "whom",
            tr("Cite what is known of each segment that you serve."),
            tr_counted(
                "{n} segment that you serve cites no evidence: neither size, nor claim, nor "
                "decision.",
                "{n} segments that you serve cite no evidence: neither size, nor claim, nor "
                "decision.",
                len(bare),
            ),
            why=tr("A decision that rests on nothing cannot be taken back when something changes."),
            about=[s.name for s in bare],
            touches={"decision": len(bare)},
            at=("segments",),
            begin=f"claims:\n  - {{text: …, evidence: [{canvas.evidence[0].id}]}}",
        )


def purchase(found: Situation) -> Iterator[Task]:
    """Yield what is missing of who takes part in the purchase, and what can stop it."""
    if not found.in_play:
        return
    if not found.canvas.participants:
        yield found.task(
            "participants",
            "research",
            "model",
            tr(
                "Name who takes part in the purchase: who uses, decides, pays, recommends, "
                "can stop it."
            ),
            tr("Nobody is named who takes part in a purchase."),
            why=tr("A purchase fails at the person whom nobody thought of."),
            touches={"segment": len(found.in_play)},
            begin=example(
                "participants:\n  - {{id: head, name: {name}, segments: [{one}], "
                "roles: [decision-maker, buyer], stance: unknown}}",
                name=tr("Head of the office"),
                one=found.one,
            ),
        )
        return
    known = purchase_map(found.canvas)
    if known.stopping:
        yield found.task(
            "purchase",
            "research",
            "model",
            tr("Settle who can stop the purchase, before anything is built on it."),
            " ".join(dict.fromkeys(one.text for one in known.stopping[:3])),
            why=tr("One person who is against it and has the power is enough."),
            touches={"segment": sum(any(f.stops for f in p.failures) for p in known.purchases)},
            begin="forwhom canvas participants canvas.yaml",
            rules=["FW303", "FW304"],
        )


def alignment(found: Situation) -> Iterator[Task]:
    """Yield what is not known of whether buyer, user and target impact want the same."""
    if found.in_play and tells_buti_apart(found.canvas) and not found.ratings:
        yield found.task(
            "alignment",
            "needs",
            "model",
            tr("Let buyer, user and target impact rate the needs, and see where they disagree."),
            tr(
                "Who pays, who uses and who benefits are different people here, and nobody "
                "was asked whether they want the same."
            ),
            why=tr("What one of them does not want is not bought, not used, or does no good."),
            touches={"need": len(found.canvas.needs), "segment": len(found.in_play)},
            begin="forwhom workshop canvas.yaml -o workshop",
            after=["segments", "needs"],
        )


def exchanges(found: Situation) -> Iterator[Task]:
    """Yield what is not said of how the sides of a market depend on each other."""
    sides = list(sides_of(found.canvas.segments))
    if found.canvas.market_type == "multi-sided" and len(sides) > 1 and not found.canvas.exchanges:
        one, other = sides[:2]
        yield found.task(
            "exchanges",
            "research",
            "model",
            tr("Say what each side brings to the other, and what happens when it is missing."),
            tr("The market has several sides, and nobody says why one comes for the other."),
            why=tr(
                "No side comes to an empty place: it decides which one to win first, and who pays."
            ),
            about=sides,
            touches={"segment": len(found.in_play)},
            begin=example(
                "exchanges:\n  - from: {one}\n    to: {other}\n    brings: {brings}\n"
                "    without: {without}",
                one=one,
                other=other,
                brings=tr("What the others come for"),
                without=tr("What happens when it is missing"),
            ),
            rules=["FW1005", "FW1006"],
        )


def political_economy(found: Situation) -> Iterator[Task]:
    """Yield what is not said of who stands around a model that lives on money of others."""
    canvas = found.canvas
    if canvas.actors or not has_buti_blocks(canvas):
        return
    yield found.task(
        "actors",
        "research",
        "model",
        tr("Name who stands around the model: what each wants, how much it can do, its rules."),
        tr("No actor of the political economy is named."),
        why=tr("Who gives the money, and by which rules, decides what is bought and for how long."),
        touches={"segment": len(found.in_play)},
        begin=example(
            "actors:\n  - {{id: ministry, name: {name}, interest: {interest}, power: high, "
            "rules: [{rule}]}}\n",
            name=tr("Ministry of health"),
            interest=tr("One system"),
            rule=tr("A budget a year"),
        )
        + "# "
        + tr(
            "who funds whom, from published data: {command}",
            command="forwhom funding activities.xml",
        ),
        after=["segments"],
    )


def personas(found: Situation) -> Iterator[Task]:
    """Yield the segments that nobody stands for."""
    shown = {persona.segment for persona in found.canvas.personas}
    without = [s for s in found.served or found.in_play if s.id not in shown]
    if not without:
        return
    lacking = tr_counted(
        "{n} segment that you serve has no persona.",
        "{n} segments that you serve have no persona.",
        len(without),
    )
    yield found.task(
        "personas",
        "personas",
        "offer",
        tr("Describe a typical representative of each segment that you serve, from what is known."),
        lacking if shown else tr("The canvas has no persona."),
        why=tr(
            "A team designs for somebody whom everybody can picture; without a persona "
            "each has another one in mind."
        ),
        about=[segment.name for segment in without],
        touches={"segment": len(without)},
        begin=example(
            "personas:\n  - {{id: sunday-planner, name: {name}, segment: {one}, "
            "summary: {summary}}}",
            name=tr("Sunday planner"),
            one=without[0].id,
            summary=tr("What a week of theirs is like."),
        ),
        after=["segments"],
    )
