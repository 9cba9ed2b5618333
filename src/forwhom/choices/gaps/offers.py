"""What is missing of needs, of what is offered for them, and of what else people could choose."""

from collections.abc import Iterator

from forwhom.choices.gaps.situation import Situation, example, then
from forwhom.documents.canvas.keynames import LEVELS
from forwhom.documents.results.nextsteps import Task
from forwhom.documents.standings import Standing
from forwhom.languages.catalog import tr, tr_count
from forwhom.wording import listed, quoted, signed, tr_counted


def needs(found: Situation) -> Iterator[Task]:
    """Yield what is missing of what they need."""
    canvas = found.canvas
    if not canvas.needs:
        yield found.task(
            "needs",
            "needs",
            "offer",
            tr(
                "Write down what they need: jobs as a verb, an object and a context, without "
                "your product; wants, fears, pains and gains."
            ),
            tr("The canvas names no need."),
            why=tr(
                "An offer is worth what it does for a need; without needs every offer looks good."
            ),
            touches={"segment": len(found.in_play), "proposition": len(canvas.propositions)},
            begin=_a_need(found),
            after=["segments"],
        )
    elif not any(need.kind in ("fear", "pain") for need in canvas.needs):
        yield found.task(
            "fears",
            "needs",
            "offer",
            tr("Ask what they are afraid of, and what gets in their way."),
            tr("The canvas names jobs and wishes, and no fear or pain."),
            why=tr("What keeps people from choosing something is rarely what they ask for."),
            touches={"segment": len(found.in_play)},
            at=("needs",),
            begin=example(
                "needs:\n  - {{id: fear-of-x, statement: {statement}, kind: fear, "
                "segments: [{one}]}}",
                statement=tr("In their own words"),
                one=found.one,
            ),
        )
    yield from _questions(found)


def _a_need(found: Situation) -> str:
    return example(
        "needs:\n  - {{id: teach-money, statement: {statement}, segments: [{one}], "
        "importance: 8, satisfaction: 4, rated_by: {raters}}}",
        statement=tr("Teach my children how to handle money"),
        one=found.one,
        raters=tr("14 respondents"),
    )


def _questions(found: Situation) -> Iterator[Task]:
    """What nobody is asked in the same way."""
    canvas = found.canvas
    if not canvas.questions:
        asked = sum(len(one.open_questions) for one in canvas.segments)
        asked += sum(len(one.open_questions) for one in canvas.personas)
        yield found.task(
            "questions",
            "needs",
            "way",
            tr(
                "Write the questions for the next interviews: about the last time, not about ideas."
            ),
            tr("There is no interview question."),
            why=tr("What is not asked in the same way of everybody cannot be counted."),
            touches={"open question": asked},
            begin=example(
                "questions:\n  - {{id: last-time, text: {text}, segments: [{one}]}}",
                text=tr("Tell me about the last time."),
                one=found.one,
            ),
            after=["segments"],
        )


def propositions(found: Situation) -> Iterator[Task]:
    """Yield what is missing of what is offered."""
    canvas = found.canvas
    if not canvas.propositions:
        yield found.task(
            "propositions",
            "needs",
            "offer",
            tr("Say what you offer to each segment, and which of its needs that answers."),
            tr("The canvas has no proposition."),
            why=tr("A segment that is offered nothing of its own is no segment of yours."),
            touches={"segment": len(found.in_play), "need": len(canvas.needs)},
            begin=_a_proposition(found),
            after=["segments", "needs"],
            rules=["FW205"],
        )
        return
    without = [p for p in canvas.propositions if not p.fit]
    if without and canvas.needs:
        yield found.task(
            "fit",
            "needs",
            "offer",
            tr("Say need by need what answers it, and how far."),
            tr_counted(
                "{n} proposition says nothing of which needs are answered.",
                "{n} propositions say nothing of which needs are answered.",
                len(without),
            ),
            why=tr(
                "Only so it shows what is offered for nothing, and what is needed and not offered."
            ),
            about=[p.name for p in without],
            touches={"need": len(canvas.needs)},
            at=("propositions",),
            begin=f"fit:\n  - {{need: {canvas.needs[0].id}, strength: partial}}\n"
            f"{then('forwhom canvas fit canvas.yaml')}",
            rules=["FW602"],
        )


def _a_proposition(found: Situation) -> str:
    return example(
        "propositions:\n  - id: workbook\n    name: {name}\n    segments: [{one}]",
        name=tr("A year of small money tasks"),
        one=found.one,
    )


def competitors(found: Situation) -> Iterator[Task]:
    """Yield what is missing of what else people could choose."""
    canvas = found.canvas
    if not canvas.competitors:
        yield found.task(
            "competitors",
            "competitors",
            "offer",
            tr("Name what they do instead today, what it offers, and whom it is for."),
            tr(
                "The canvas names no competitor, no workaround, and not what happens when "
                "nothing is bought."
            ),
            why=tr(
                "What is better, and for whom, can only be said beside something else; most "
                "customers are lost to doing nothing."
            ),
            touches={"proposition": len(canvas.propositions), "segment": len(found.in_play)},
            begin=_two_competitors(found),
            after=["segments"],
        )
    else:
        yield from _their_segments(found)
    if not canvas.value_curves:
        yield found.task(
            "value-curves",
            "competitors",
            "offer",
            tr("Compare yours with theirs on five to ten things that matter to one segment."),
            tr("No value curve says where yours is better, and where it is not."),
            why=tr("What is as good as elsewhere is no reason to change."),
            touches={"competitor": len(canvas.competitors)},
            begin=_curve(found),
            after=["segments", "competitors"],
        )


def _two_competitors(found: Situation) -> str:
    return example(
        "competitors:\n  - {{id: app, name: {name}, offers: [{offer}], "
        "target_segments: [{whom}], segments: [{one}]}}\n"
        "  - {{id: as-it-is, name: {nothing}, kind: nothing}}",
        name=tr("The app of the bank"),
        offer=tr("Costs nothing"),
        whom=tr("Customers of the bank"),
        one=found.one,
        nothing=tr("Leaving it as it is"),
    )


def _curve(found: Situation) -> str:
    known = [one.id for one in found.canvas.competitors[:1]]
    scores = ", ".join(f"{one}: 5" for one in ("ours", *known))
    criterion = example("criterion: {what}", what=tr("What matters to them"))
    return (
        f"value_curves:\n  - id: curve\n    segment: {found.one}\n    points:\n"
        f"      - {{{criterion}, scores: {{{scores}}}}}\n"
        f"{then('forwhom canvas curves canvas.yaml')}"
    )


def _their_segments(found: Situation) -> Iterator[Task]:
    others = [c for c in found.canvas.competitors if c.kind != "nothing"]
    lacks = {
        tr("what they offer"): [c for c in others if not c.offers],
        tr("whom they are for"): [c for c in others if not c.target_segments and not c.segments],
    }
    unknown = [c for c in others if any(c in some for some in lacks.values())]
    if unknown:
        missing = listed([what for what, some in lacks.items() if some], last="or")
        yield found.task(
            "their-segments",
            "competitors",
            "offer",
            tr("Find out what competitors offer, and whom they are for."),
            tr_count(
                "Of {n} competitor nobody says {what}.",
                "Of {n} competitors nobody says {what}.",
                len(unknown),
                what=missing,
            ),
            why=tr(
                "Where others aim at the same people, you must be better; where they do not, "
                "you may be alone."
            ),
            about=[c.name for c in unknown],
            touches={"competitor": len(unknown)},
            at=("competitors",),
            begin=example(
                "offers: [{offer}]\ntarget_segments: [{whom}]\nsegments: [{one}]",
                offer=tr("What it offers"),
                whom=tr("Whom it says it is for"),
                one=found.one,
            ),
        )


def misalignments(found: Situation) -> Iterator[Task]:
    """Yield the needs on which segments want different things, and nobody says what follows."""
    names = {segment.id: segment.name for segment in found.canvas.segments}
    for standing in found.standings:
        if standing.pressing and not standing.answered:
            yield _misaligned(found, standing, names)
    overdue = [
        s
        for s in found.canvas.strategies
        if s.status in ("open", "doing")
        and s.rerate is not None
        and s.rerate < found.today.isoformat()
    ]
    if overdue:
        yield found.task(
            "rate-again",
            "needs",
            "offer",
            tr("Let the segments rate these needs again."),
            tr_counted(
                "{n} need was to be rated again by now.",
                "{n} needs were to be rated again by now.",
                len(overdue),
            ),
            why=tr("Whether a strategy worked, only those can say who were against it."),
            about=[s.action or s.id for s in overdue],
            touches={"need": len(overdue)},
            at=("alignment", "strategies"),
            begin="forwhom workshop canvas.yaml -o workshop",
        )


def _misaligned(found: Situation, standing: Standing, names: dict[str, str]) -> Task:
    said = standing.medians
    wants, against = max(said, key=said.__getitem__), standing.risks.heavier.segment
    level = standing.level or "low"
    return found.task(
        f"misaligned-{standing.need.id}",
        "needs",
        "model" if level == "high" else "offer",
        tr("Rethink the model here, or find another buyer or user.")
        if level == "high"
        else tr("Change the proposition here, or win over those who are against it."),
        tr(
            "{one} and {other} are misaligned on {need}, severity {level}, and no strategy says "
            "what will be done.",
            one=f"{names.get(wants, wants)} ({signed(said[wants])})",
            other=f"{names.get(against, against)} ({signed(said[against])})",
            need=quoted(standing.need.statement),
            level=tr(LEVELS[level]),
        ),
        why=tr("What one side does not want is not bought, not used, or does no good."),
        about=[standing.need.statement],
        touches={"segment": len(said)},
        at=("alignment",),
        begin=example(
            "alignment:\n  strategies:\n    - {{id: what-we-do, item: {need}, "
            "block: value_propositions, action: {action}, owner: {owner}}}",
            need=standing.need.id,
            action=tr("What will be done"),
            owner=tr("Who"),
        ),
        rules=["FW901"],
    )
