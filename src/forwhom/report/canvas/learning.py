"""Sections about what a team tests, decides and measures."""

from collections.abc import Iterator

from forwhom.documents.canvas.keynames import topic_name
from forwhom.documents.canvas.strategy import Hypothesis
from forwhom.languages.catalog import later, tr, tr_count
from forwhom.report.canvas.cards import flow_words, given_words, kpi_words, money
from forwhom.report.canvas.entries import Entry, Section, Shelf, Support, facts, lists, numbers_of
from forwhom.wording import joined, number, opened

_AXES = {
    "attractiveness": later("attractiveness"),
    "ability": later("our ability to compete"),
}
_CHANGES = {
    "replaced": later("Replaced"), "accepted": later("Accepted"), "decided": later("Decided"),
    "seeded": later("Seeded"),
}  # fmt: skip


_STANCES = {
    "supports": later("supports it"),
    "neutral": later("is neutral"),
    "opposes": later("opposes it"),
    "unknown": later("nobody knows whether they are for it"),
}
#: What a test showed.
_RESULTS = (later("supported"), later("refuted"), later("unclear"))


def _power(level: str | None) -> str:
    known = {"low": tr("Low power"), "medium": tr("Medium power"), "high": tr("High power")}
    return known.get(level or "", tr("Power unknown"))


def hypotheses(shelf: Shelf) -> Section:
    """Return what is believed, how it is tested, and what was learned."""
    entries = tuple(_hypothesis(shelf, h, i) for i, h in enumerate(shelf.canvas.hypotheses))
    return Section("hypotheses", tr("What we believe and test"), entries)


def _hypothesis(shelf: Shelf, one: Hypothesis, index: int) -> Entry:
    learning = one.learning
    state = tr(learning.result) if learning else _untested(one)
    here = ("hypotheses", index)
    return Entry(
        title=one.statement,
        subtitle=" · ".join([opened(state), *([tr("Critical")] if one.critical else [])]),
        marks=shelf.marks(one.segments),
        facts=facts(
            prototype=one.prototype,
            test=one.test,
            metric=one.metric,
            right_if=one.threshold,
            stated=one.stated or "",
            changed=one.changed or "",
            observed=joined(list(_observed(one))),
            learned=learning.learned if learning else "",
            therefore=learning.therefore if learning else "",
        ),
        supports=shelf.supports(learning.evidence, (*here, "learning")) if learning else (),
        suspect=shelf.is_suspect(here),
    )


def _untested(one: Hypothesis) -> str:
    return tr("not tested yet") if one.threshold else tr("no threshold")


def _observed(one: Hypothesis) -> Iterator[str]:
    learning = one.learning
    if learning is None:
        return
    yield learning.observed
    if learning.value is not None:
        yield number(learning.value)
    if learning.data_points is not None:
        yield tr_count("{n} observation", "{n} observations", learning.data_points)
    yield learning.date


def open_questions(shelf: Shelf) -> Section:
    """Return what nobody knows yet, segment by segment, and what interviews ask."""
    known = [(s.name, [s.id], s.open_questions) for s in shelf.canvas.segments]
    known += [(p.name, [p.segment], p.open_questions) for p in shelf.canvas.personas]
    entries = [
        Entry(name, marks=shelf.marks(ids), open_questions=tuple(asked))
        for name, ids, asked in known
        if asked
    ]
    entries += [
        Entry(q.text, tr("Interview question"), marks=shelf.marks(q.segments))
        for q in shelf.canvas.questions
    ]
    return Section("open-questions", tr("What nobody knows yet"), tuple(entries))


def strategies(shelf: Shelf) -> Section:
    """Return what is done about misalignments of buyer, user and target impact."""
    entries = tuple(
        Entry(
            title=s.action or tr("Nothing planned yet"),
            subtitle=opened(tr(s.status)),
            facts=facts(
                about=shelf.statements.get(s.item, s.item),
                in_the_model=topic_name(s.block) if s.block else "",
                owner=s.owner,
                due=s.due or "",
                rated_again=s.rerate or "",
            ),
        )
        for s in shelf.canvas.strategies
    )
    return Section("alignment", tr("Where they want different things"), entries)


def measures(shelf: Shelf) -> Section:
    """Return KPIs and flows of money."""
    canvas = shelf.canvas
    entries = [Entry(k.name, kpi_words(k), marks=shelf.marks(k.segments)) for k in canvas.kpis]
    entries += [
        Entry(
            title=flow_words(flow),
            subtitle=money(flow),
            facts=facts(
                since=flow.date or "", until=flow.until or "", sector=flow.sector,
                country=flow.country, given=given_words(flow), decided_by=flow.decided_by,
            ),
            supports=shelf.supports(flow.evidence, ("funding", index)),
            suspect=shelf.is_suspect(("funding", index)),
        )
        for index, flow in enumerate(canvas.funding)
    ]  # fmt: skip
    return Section("measures", tr("Numbers and money"), tuple(entries))


def political_economy(shelf: Shelf) -> Section:
    """Return the actors around the model, and what the way that money is given means for it."""
    canvas = shelf.canvas
    names = {actor.id: actor.name for actor in canvas.actors}
    entries = [
        Entry(
            title=one.name,
            subtitle=" · ".join([_power(one.power), tr(_STANCES[one.stance])]),
            marks=shelf.marks(one.segments),
            facts=facts(wants=one.interest),
            lists=lists([(later("Lives by"), one.rules)]),
            supports=shelf.supports(one.evidence, ("actors", index)),
            suspect=shelf.is_suspect(("actors", index)),
        )
        for index, one in enumerate(canvas.actors)
    ]
    entries += [
        Entry(
            title=one.feature,
            subtitle=tr("How money is given"),
            facts=facts(
                means=one.means or tr("Nobody says what it means for the model."),
                in_the_model=topic_name(one.block) if one.block else "",
                money_of=", ".join(names[actor] for actor in one.actors),
            ),
            supports=shelf.supports(one.evidence, ("funding_features", index)),
            suspect=shelf.is_suspect(("funding_features", index)),
        )
        for index, one in enumerate(canvas.funding_features)
    ]
    return Section("political-economy", tr("The political economy around it"), tuple(entries))


def choices(shelf: Shelf) -> Section:
    """Return the decision matrix: criteria, scores, and the weights of judges."""
    matrix = shelf.canvas.decision
    if matrix is None:
        return Section("choices", tr("How segments were chosen"), ())
    names = {c.id: c.name for c in matrix.criteria}
    entries = [Entry(c.name, tr("Says {axis}", axis=tr(_AXES[c.axis]))) for c in matrix.criteria]
    entries += _scores(shelf, tr("Scores"), matrix.scores, names)
    for judge in matrix.judges:
        weights = [f"{names.get(k, k)} {number(w)}" for k, w in judge.weights.items()]
        entries.append(
            Entry(tr("Judge {name}", name=judge.id), lists=lists([(later("Weights"), weights)]))
        )
        entries += _scores(shelf, tr("Scores of judge {name}", name=judge.id), judge.scores, names)
    return Section("choices", tr("How segments were chosen"), tuple(entries))


def _scores(
    shelf: Shelf, title: str, scores: dict[str, dict[str, float]], names: dict[str, str]
) -> list[Entry]:
    rows = [
        f"{shelf.names_of([segment])}: "
        + ", ".join(f"{names.get(k, k)} {number(value)}" for k, value in values.items())
        for segment, values in scores.items()
    ]
    return [Entry(title, tr("0 is bad, 10 is good"), lists=(("", tuple(rows)),))] if rows else []


def records(shelf: Shelf) -> Section:
    """Return the evidence that claims can cite, and what was decided when."""
    canvas = shelf.canvas
    entries = [
        Entry(one.id, supports=(Support(one.statement, numbers_of(one)),))
        for one in canvas.evidence
    ]
    changes = [
        ", ".join(
            w
            for w in (
                f"{change.date}: {tr(_CHANGES[change.what])} {change.item}",
                tr("now {value}", value=change.instead) if change.instead else "",
                tr("by {offers}", offers=change.by) if change.by else "",
                change.note,
            )
            if w
        )
        for change in canvas.history
    ]
    if changes:
        entries.append(Entry(tr("History"), lists=(("", tuple(changes)),)))
    return Section("records", tr("What this rests on"), tuple(entries))
