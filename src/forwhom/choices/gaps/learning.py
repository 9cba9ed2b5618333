"""What is missing of how a team finds out: hypotheses, their tests, and numbers that tell."""

from collections.abc import Iterator

from forwhom.choices.gaps.situation import Situation
from forwhom.documents.canvas.strategy import Hypothesis
from forwhom.documents.results.nextsteps import Task
from forwhom.wording import count, counted, quoted


def hypotheses(found: Situation) -> Iterator[Task]:
    """Yield what nobody tests yet."""
    canvas = found.canvas
    if not canvas.hypotheses:
        yield found.task(
            "hypotheses", "hypotheses", "model",
            "Write down what must be true for the model to work, and how you will find out.",
            "The canvas has no hypothesis.",
            why="What is believed and never tested is learned from the customers who do not come.",
            touches={"decision": found.decided, "proposition": len(canvas.propositions)},
            begin="hypotheses:\n  - id: they-pay\n    statement: They pay for it\n"
            f"    segments: [{found.one}]\n"
            "    prototype: A page that offers it before it exists\n"
            "    test: Show the page to a hundred of them\n    metric: Orders\n"
            "    threshold: at least 5 of 100\n    critical: true",
            after=["segments"],
        )  # fmt: skip
        return
    tried = {one for h in canvas.hypotheses for one in h.segments}
    without = [s for s in found.served if s.id not in tried]
    if without and tried:
        said = "segment that you serve is", "segments that you serve are"
        yield found.task(
            "untested-segments", "hypotheses", "whom",
            "Say what must be true of these segments, and test it.",
            f"{counted(len(without), *said)} in no hypothesis.",
            why="What holds for one segment need not hold for another.",
            about=[segment.name for segment in without],
            touches={"decision": len(without)},
            begin="hypotheses:\n  - {id: they-use-it, statement: They use it a second time, "
            f"segments: [{without[0].id}]}}",
        )  # fmt: skip


def tests(found: Situation) -> Iterator[Task]:
    """Yield the tests to run, and those whose result has no consequence yet."""
    known = list(enumerate(found.canvas.hypotheses))
    waiting = [(i, h) for i, h in known if h.learning is None and h.threshold.strip()]
    critical = [one for one in waiting if one[1].critical]
    if waiting:
        index, first = (critical or waiting)[0]
        more = count(len(waiting), "test waits", "tests wait")
        yield found.task(
            "run-test", "hypotheses", "model" if critical else "offer",
            "Run this test, and write down what you learn.",
            f"{quoted(first.statement)} is planned and not tested; {more}.",
            why="What the model falls with is cheapest to learn early." if critical
            else "A test that waits keeps everything open that hangs on it.",
            about=[first.test] if first.test.strip() else [],
            touches={"segment": len({s for _, h in waiting for s in h.segments})},
            at=("hypotheses", index),
            begin="learning: {date: …, observed: …, result: supported, learned: …, therefore: …}",
            rules=["FW705"],
        )  # fmt: skip
    bare = [(i, h) for i, h in waiting if not h.prototype.strip()]
    if bare:
        yield found.task(
            "prototype", "hypotheses", "way",
            "Say what people will see or try in the test: the cheapest thing that can answer it.",
            f"{counted(len(bare), 'planned test shows', 'planned tests show')} nothing to anybody.",
            why="People say what they would do, and do something else in front of it.",
            about=[h.statement for _, h in bare],
            touches={"segment": len({s for _, h in bare for s in h.segments})},
            at=("hypotheses", bare[0][0]),
            begin="prototype: A sketch, a page, a letter, a week by hand",
        )  # fmt: skip
    yield from _refuted(found)


def _refuted(found: Situation) -> Iterator[Task]:
    """Critical beliefs that did not hold, and that no later hypothesis takes up."""
    every = found.canvas.hypotheses
    for index, one in enumerate(every):
        learning = one.learning
        if learning is None or not one.critical or learning.result == "supported":
            continue
        if not any(_takes_up(other, one, learning.date) for other in every):
            yield found.task(
                f"follow-{one.id}", "hypotheses", "model",
                "Write down what you believe instead, and test that.",
                f"{quoted(one.statement)} is critical, its test says {learning.result}, and no "
                "later hypothesis takes it up.",
                why="What was learned is worth what is done differently.",
                about=[learning.therefore] if learning.therefore.strip() else [],
                touches={"segment": len(one.segments)},
                at=("hypotheses", index),
                begin=_next(one),
            )  # fmt: skip


def _takes_up(other: Hypothesis, one: Hypothesis, day: str) -> bool:
    """Whether a hypothesis was stated after a day and is about the same, or the same people."""
    same = {*one.about, *one.segments, one.id} & {*other.about, *other.segments}
    return other is not one and bool(same) and (other.stated or "") >= day


def _next(one: Hypothesis) -> str:
    about = ", ".join((one.about or one.segments)[:3])
    return (
        "hypotheses:\n  - {id: now-we-believe, statement: What we believe instead, "
        f"about: [{about}]}}"
    )


def measures(found: Situation) -> Iterator[Task]:
    """Yield what would tell whether the model works."""
    if not found.canvas.kpis:
        yield found.task(
            "kpis", "model", "way",
            "Choose a few numbers that tell early whether it works, each with a target.",
            "The canvas has no KPI.",
            why="Without a number that can be bad, everything goes well.",
            touches={"segment": len(found.in_play)},
            begin="kpis:\n  - {id: second-month, name: Families that go on in the second month, "
            f"segments: [{found.one}], target: at least half}}",
            after=["segments"],
        )  # fmt: skip
