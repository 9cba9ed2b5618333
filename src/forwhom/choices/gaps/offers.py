"""What is missing of needs, of what is offered for them, and of what else people could choose."""

from collections.abc import Iterator

from forwhom.choices.gaps.situation import Situation
from forwhom.documents.results.nextsteps import Task
from forwhom.documents.standings import Standing
from forwhom.wording import count, counted, listed, quoted, signed


def needs(found: Situation) -> Iterator[Task]:
    """Yield what is missing of what they need."""
    canvas = found.canvas
    if not canvas.needs:
        yield found.task(
            "needs", "needs", "offer",
            "Write down what they need: jobs as a verb, an object and a context, without your "
            "product; wants, fears, pains and gains.",
            "The canvas names no need.",
            why="An offer is worth what it does for a need; without needs every offer looks good.",
            touches={"segment": len(found.in_play), "proposition": len(canvas.propositions)},
            begin="needs:\n  - {id: teach-money, statement: Teach my children how to handle money, "
            f"segments: [{found.one}], importance: 8, satisfaction: 4, rated_by: 14 respondents}}",
            after=["segments"],
        )  # fmt: skip
    elif not any(need.kind in ("fear", "pain") for need in canvas.needs):
        yield found.task(
            "fears", "needs", "offer",
            "Ask what they are afraid of, and what gets in their way.",
            "The canvas names jobs and wishes, and no fear or pain.",
            why="What keeps people from choosing something is rarely what they ask for.",
            touches={"segment": len(found.in_play)},
            at=("needs",),
            begin="needs:\n  - {id: fear-of-x, statement: In their own words, kind: fear, "
            f"segments: [{found.one}]}}",
        )  # fmt: skip
    if not canvas.questions:
        asked = sum(len(one.open_questions) for one in canvas.segments)
        asked += sum(len(one.open_questions) for one in canvas.personas)
        yield found.task(
            "questions", "needs", "way",
            "Write the questions for the next interviews: about the last time, not about ideas.",
            "There is no interview question.",
            why="What is not asked in the same way of everybody cannot be counted.",
            touches={"open question": asked},
            begin="questions:\n  - {id: last-time, text: Tell me about the last time., segments: "
            f"[{found.one}]}}",
            after=["segments"],
        )  # fmt: skip


def propositions(found: Situation) -> Iterator[Task]:
    """Yield what is missing of what is offered."""
    canvas = found.canvas
    if not canvas.propositions:
        yield found.task(
            "propositions", "needs", "offer",
            "Say what you offer to each segment, and which of its needs that answers.",
            "The canvas has no proposition.",
            why="A segment that is offered nothing of its own is no segment of yours.",
            touches={"segment": len(found.in_play), "need": len(canvas.needs)},
            begin="propositions:\n  - id: workbook\n    name: A year of small money tasks\n"
            f"    segments: [{found.one}]",
            after=["segments", "needs"],
            rules=["FW205"],
        )  # fmt: skip
        return
    without = [p for p in canvas.propositions if not p.fit]
    if without and canvas.needs:
        said = "proposition says nothing", "propositions say nothing"
        yield found.task(
            "fit", "needs", "offer",
            "Say need by need what answers it, and how far.",
            f"{counted(len(without), *said)} of which needs are answered.",
            why="Only so it shows what is offered for nothing, and what is needed and not offered.",
            about=[p.name for p in without],
            touches={"need": len(canvas.needs)},
            at=("propositions",),
            begin=f"fit:\n  - {{need: {canvas.needs[0].id}, strength: partial}}\n"
            "# then: forwhom canvas fit canvas.yaml",
            rules=["FW602"],
        )  # fmt: skip


def competitors(found: Situation) -> Iterator[Task]:
    """Yield what is missing of what else people could choose."""
    canvas = found.canvas
    if not canvas.competitors:
        yield found.task(
            "competitors", "competitors", "offer",
            "Name what they do instead today, what it offers, and whom it is for.",
            "The canvas names no competitor, no workaround, and not what happens when nothing is "
            "bought.",
            why="What is better, and for whom, can only be said beside something else; most "
            "customers are lost to doing nothing.",
            touches={"proposition": len(canvas.propositions), "segment": len(found.in_play)},
            begin="competitors:\n  - {id: app, name: The app of the bank, offers: [Costs nothing], "
            f"target_segments: [Customers of the bank], segments: [{found.one}]}}\n"
            "  - {id: as-it-is, name: Leaving it as it is, kind: nothing}",
            after=["segments"],
        )  # fmt: skip
    else:
        yield from _their_segments(found)
    if not canvas.value_curves:
        yield found.task(
            "value-curves", "competitors", "offer",
            "Compare yours with theirs on five to ten things that matter to one segment.",
            "No value curve says where yours is better, and where it is not.",
            why="What is as good as elsewhere is no reason to change.",
            touches={"competitor": len(canvas.competitors)},
            begin=_curve(found),
            after=["segments", "competitors"],
        )  # fmt: skip


def _curve(found: Situation) -> str:
    known = [one.id for one in found.canvas.competitors[:1]]
    scores = ", ".join(f"{one}: 5" for one in ("ours", *known))
    return (
        f"value_curves:\n  - id: curve\n    segment: {found.one}\n    points:\n"
        f"      - {{criterion: What matters to them, scores: {{{scores}}}}}\n"
        "# then: forwhom canvas curves canvas.yaml"
    )


def _their_segments(found: Situation) -> Iterator[Task]:
    others = [c for c in found.canvas.competitors if c.kind != "nothing"]
    lacks = {
        "what they offer": [c for c in others if not c.offers],
        "whom they are for": [c for c in others if not c.target_segments and not c.segments],
    }
    unknown = [c for c in others if any(c in some for some in lacks.values())]
    if unknown:
        missing = listed([what for what, some in lacks.items() if some], last="or")
        yield found.task(
            "their-segments", "competitors", "offer",
            "Find out what competitors offer, and whom they are for.",
            f"Of {count(len(unknown), 'competitor')} nobody says {missing}.",
            why="Where others aim at the same people, you must be better; where they do not, you "
            "may be alone.",
            about=[c.name for c in unknown],
            touches={"competitor": len(unknown)},
            at=("competitors",),
            begin="offers: [What it offers]\ntarget_segments: [Whom it says it is for]\n"
            f"segments: [{found.one}]",
        )  # fmt: skip


def misalignments(found: Situation) -> Iterator[Task]:
    """Yield the needs on which segments want different things, and nobody says what follows."""
    names = {segment.id: segment.name for segment in found.canvas.segments}
    for standing in found.standings:
        if standing.pressing and not standing.answered:
            yield _misaligned(found, standing, names)
    overdue = [
        s for s in found.canvas.strategies
        if s.status in ("open", "doing") and s.rerate is not None
        and s.rerate < found.today.isoformat()
    ]  # fmt: skip
    if overdue:
        yield found.task(
            "rate-again", "needs", "offer",
            "Let the segments rate these needs again.",
            f"{counted(len(overdue), 'need was', 'needs were')} to be rated again by now.",
            why="Whether a strategy worked, only those can say who were against it.",
            about=[s.action or s.id for s in overdue],
            touches={"need": len(overdue)},
            at=("alignment", "strategies"),
            begin="forwhom workshop canvas.yaml -o workshop",
        )  # fmt: skip


def _misaligned(found: Situation, standing: Standing, names: dict[str, str]) -> Task:
    said = standing.medians
    wants, against = max(said, key=said.__getitem__), standing.risks.heavier.segment
    level = standing.level or "low"
    return found.task(
        f"misaligned-{standing.need.id}", "needs", "model" if level == "high" else "offer",
        "Rethink the model here, or find another buyer or user."
        if level == "high" else
        "Change the proposition here, or win over those who are against it.",
        f"{names.get(wants, wants)} ({signed(said[wants])}) and {names.get(against, against)} "
        f"({signed(said[against])}) are misaligned on {quoted(standing.need.statement)}, severity "
        f"{level}, and no strategy says what will be done.",
        why="What one side does not want is not bought, not used, or does no good.",
        about=[standing.need.statement],
        touches={"segment": len(said)},
        at=("alignment",),
        begin="alignment:\n  strategies:\n    - {id: what-we-do, item: "
        f"{standing.need.id}, block: value_propositions, action: What will be done, owner: Who}}",
        rules=["FW901"],
    )  # fmt: skip
