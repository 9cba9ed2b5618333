"""What is missing of how a team finds out: hypotheses, their tests, and numbers that tell."""

from collections.abc import Iterator, Sequence

from forwhom.choices.gaps.situation import Situation, example
from forwhom.documents.canvas.keynames import RESULTS
from forwhom.documents.canvas.strategy import Hypothesis
from forwhom.documents.results.nextsteps import Task
from forwhom.languages.catalog import tr, tr_count
from forwhom.wording import quoted, tr_counted


def hypotheses(found: Situation) -> Iterator[Task]:
    """Yield what nobody tests yet."""
    canvas = found.canvas
    if not canvas.hypotheses:
        yield found.task(
            "hypotheses",
            "hypotheses",
            "model",
            tr("Write down what must be true for the model to work, and how you will find out."),
            tr("The canvas has no hypothesis."),
            why=tr(
                "What is believed and never tested is learned from the customers who do not come."
            ),
            touches={"decision": found.decided, "proposition": len(canvas.propositions)},
            begin=example(
                "hypotheses:\n  - id: they-pay\n    statement: {statement}\n"
                "    segments: [{one}]\n    prototype: {prototype}\n    test: {test}\n"
                "    metric: {metric}\n    threshold: {threshold}\n    critical: true",
                statement=tr("They pay for it"),
                one=found.one,
                prototype=tr("A page that offers it before it exists"),
                test=tr("Show the page to a hundred of them"),
                metric=tr("Orders"),
                threshold=tr("at least 5 of 100"),
            ),
            after=["segments"],
        )
        return
    yield from _untested(found)


def _untested(found: Situation) -> Iterator[Task]:
    """Segments of which nothing is tested."""
    canvas = found.canvas
    tried = {one for h in canvas.hypotheses for one in h.segments}
    without = [s for s in found.served if s.id not in tried]
    if without and tried:
        yield found.task(
            "untested-segments",
            "hypotheses",
            "whom",
            tr("Say what must be true of these segments, and test it."),
            tr_counted(
                "{n} segment that you serve is in no hypothesis.",
                "{n} segments that you serve are in no hypothesis.",
                len(without),
            ),
            why=tr("What holds for one segment need not hold for another."),
            about=[segment.name for segment in without],
            touches={"decision": len(without)},
            begin=example(
                "hypotheses:\n  - {{id: they-use-it, statement: {statement}, segments: [{one}]}}",
                statement=tr("They use it a second time"),
                one=without[0].id,
            ),
        )


def tests(found: Situation) -> Iterator[Task]:
    """Yield the tests to run, and those whose result has no consequence yet."""
    known = list(enumerate(found.canvas.hypotheses))
    waiting = [(i, h) for i, h in known if h.learning is None and h.threshold.strip()]
    critical = [one for one in waiting if one[1].critical]
    if waiting:
        index, first = (critical or waiting)[0]
        yield found.task(
            "run-test",
            "hypotheses",
            "model" if critical else "offer",
            tr("Run this test, and write down what you learn."),
            tr_count(
                "{hypothesis} is planned and not tested; {n} test waits.",
                "{hypothesis} is planned and not tested; {n} tests wait.",
                len(waiting),
                hypothesis=quoted(first.statement),
            ),
            why=tr("What the model falls with is cheapest to learn early.")
            if critical
            else tr("A test that waits keeps everything open that hangs on it."),
            about=[first.test] if first.test.strip() else [],
            touches={"segment": len({s for _, h in waiting for s in h.segments})},
            at=("hypotheses", index),
            begin="learning: {date: …, observed: …, result: supported, learned: …, therefore: …}",
            rules=["FW705"],
        )
    yield from _without_prototype(found, waiting)
    yield from _refuted(found)


def _without_prototype(
    found: Situation, waiting: Sequence[tuple[int, Hypothesis]]
) -> Iterator[Task]:
    """Tests in which people see nothing."""
    bare = [(i, h) for i, h in waiting if not h.prototype.strip()]
    if bare:
        yield found.task(
            "prototype",
            "hypotheses",
            "way",
            tr(
                "Say what people will see or try in the test: the cheapest thing that can "
                "answer it."
            ),
            tr_counted(
                "{n} planned test shows nothing to anybody.",
                "{n} planned tests show nothing to anybody.",
                len(bare),
            ),
            why=tr("People say what they would do, and do something else in front of it."),
            about=[h.statement for _, h in bare],
            touches={"segment": len({s for _, h in bare for s in h.segments})},
            at=("hypotheses", bare[0][0]),
            begin=example(
                "prototype: {prototype}", prototype=tr("A sketch, a page, a letter, a week by hand")
            ),
        )


def _refuted(found: Situation) -> Iterator[Task]:
    """Critical beliefs that did not hold, and that no later hypothesis takes up."""
    every = found.canvas.hypotheses
    for index, one in enumerate(every):
        learning = one.learning
        if learning is None or not one.critical or learning.result == "supported":
            continue
        if not any(_takes_up(other, one, learning.date) for other in every):
            yield found.task(
                f"follow-{one.id}",
                "hypotheses",
                "model",
                tr("Write down what you believe instead, and test that."),
                tr(
                    "{hypothesis} is critical, its test says {result}, and no later hypothesis "
                    "takes it up.",
                    hypothesis=quoted(one.statement),
                    result=tr(RESULTS[learning.result]),
                ),
                why=tr("What was learned is worth what is done differently."),
                about=[learning.therefore] if learning.therefore.strip() else [],
                touches={"segment": len(one.segments)},
                at=("hypotheses", index),
                begin=_next(one),
            )


def _takes_up(other: Hypothesis, one: Hypothesis, day: str) -> bool:
    """Whether a hypothesis was stated after a day and is about the same, or the same people."""
    same = {*one.about, *one.segments, one.id} & {*other.about, *other.segments}
    return other is not one and bool(same) and (other.stated or "") >= day


def _next(one: Hypothesis) -> str:
    about = ", ".join((one.about or one.segments)[:3])
    begun = "hypotheses:\n  - {{id: now-we-believe, statement: {statement}, "
    begun = example(begun, statement=tr("What we believe instead"))
    return f"{begun}about: [{about}]}}"


def measures(found: Situation) -> Iterator[Task]:
    """Yield what would tell whether the model works."""
    if not found.canvas.kpis:
        yield found.task(
            "kpis",
            "model",
            "way",
            tr("Choose a few numbers that tell early whether it works, each with a target."),
            tr("The canvas has no KPI."),
            why=tr("Without a number that can be bad, everything goes well."),
            touches={"segment": len(found.in_play)},
            begin=example(
                "kpis:\n  - {{id: second-month, name: {name}, segments: [{one}], "
                "target: {target}}}",
                name=tr("Families that go on in the second month"),
                one=found.one,
                target=tr("at least half"),
            ),
            after=["segments"],
        )
