"""Canvases for the tests of drawings: a full one, and what must be seen of any."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forwhom.documents.canvas import Canvas, parse_canvas
from forwhom.wording import clean

FULL = """
forwhom: 1
kind: canvas
title: Penny Path
summary: Families talk about money, ten minutes at a time.
market_type: segmented
portfolio: explore
stage: problem-solution fit
segments:
  - id: planners
    name: Parents who plan the month
    description: A budget in a spreadsheet, shopping on one fixed day.
    bases: [behavioral]
    buti: [buyer, user]
    size: {share: 0.342, low: 0.31, high: 0.37, customers: 844, source: survey,
      evidence: [size@old]}
    status: serve
    decision: {reason: They already keep a budget., date: 2026-10-01, by: Ada}
    revenue: pays
    digital_literacy: {level: basic, measured_by: Ten tasks on a phone, tasks: [Use few words]}
    claims:
      - {text: They buy on a fixed day, evidence: [day@old]}
      - {text: They trust a teacher more than a bank}
    open_questions: [Who decides on the allowance?]
  - {id: schools, name: Primary schools, buti: [user], sponsor: bank, side: teaching}
  - {id: children, name: Children of 8 to 12, buti: [target-impact], status: serve}
  - {id: investors, name: Hobby investors, status: not-a-customer}
not_for: [Families in debt counseling]
participants:
  - {id: bank, name: Head of community work, organization: Savings bank, roles: [donor],
    stance: supports, segments: [schools],
    influences: [{on: head, strength: strong, note: pays the training}]}
  - {id: head, name: Head teacher, roles: [decision-maker], veto: true, segments: [schools],
    notes: On leave until May}
needs:
  - {id: teach, statement: Teach my children to handle money, job: functional,
    segments: [planners, schools], importance: 8, satisfaction: 4, rated_by: 14 respondents,
    quotes: [{text: I say no and feel mean, source: Interview 3}]}
  - {id: quarrel, statement: Stop quarreling about allowance, kind: pain, rated_by: the team}
personas:
  - id: monday
    name: Monday planner
    segment: planners
    summary: Plans on Sunday night.
    typical: {Visits a month: "4.3"}
    claims: [{text: Four visits a month, evidence: [day@old]}]
    open_questions: [Which routine fits?]
propositions:
  - id: tasks
    name: A year of small tasks
    description: One envelope a month.
    segments: [planners, children]
    values: [functional]
    products: [{id: envelope, text: Monthly envelope}]
    benefits: [{id: real, text: Children decide on real money}]
    statement: {headline: Talk before it matters, subheadline: Ten minutes a week,
      problem: You say no, benefits: [Less quarrel]}
    positioning: {category: family activity, benefit: calm talk, alternative: saying no,
      difference: children decide}
    target_market: Parents of two
    specific_value: Fits into Sunday night
    outreach: Newsletter
    fit: [{need: teach, by: [envelope], strength: partial, how: One task a week}]
blocks:
  customer_problem: [{text: Nobody taught today's parents}]
  key_partners: [{text: Savings banks, detail: They pay for class sets., segments: [schools]}]
  channels:
    - {id: news, text: School newsletters, segments: [planners, schools, children]}
    - {text: Open days, supports: [news], propositions: [tasks], evidence: [size@old]}
  cost_structure: [{text: Printing}]
  eco_social_costs: [{text: Paper and transport}]
  kpi: [{text: Second envelope}]
  brand: [{text: Honest and warm}]
  team: [{text: Two teachers}]
  political_economy: [{text: Ministries buy by school year}]
alignment:
  strategies: [{id: show, item: teach, action: Show banks what children learned, owner: Ada,
    due: 2027-01-15, block: key_partners, rerate: 2027-03-01}]
competitors: [{id: no, name: Saying no, kind: nothing}]
value_curves: [{id: curve, segment: planners, points: [{criterion: Little effort,
  scores: {ours: 7, "no": 9}}]}]
decision: {criteria: [{id: big, name: Large enough}], scores: {planners: {big: 6}},
  judges: [{id: ada, weights: {big: 2}}]}
hypotheses:
  - {id: keep, statement: Parents keep it past the third envelope, segments: [planners],
    test: Sell a hundred, metric: Share that pays, threshold: at least 60, critical: true,
    stated: 2026-09-01, learning: {date: 2026-11-01, observed: 48 paid, result: refuted,
    learned: The third is dull, therefore: Rewrite it, data_points: 100}}
questions: [{id: last, text: Tell me about the last time, segments: [planners]}]
funding: [{from: Bank foundation, to: Penny Path Ltd, amount: 120000, currency: EUR,
  date: 2026-01-01, until: 2027-12-31, sector: education, country: AT}]
kpis: [{id: opened, name: Envelopes opened, target: 80%, value: 71%, segments: [planners]}]
evidence:
  - {id: size, statement: A third are in this segment, value: 0.34,
    interval: {low: 0.31, high: 0.37}, n: 2469, method: latent class, source: a survey}
  - {id: day, statement: They shop 4.3 times a month, n: 844, fingerprint: new}
history: [{date: 2026-10-01, what: decided, item: planners, by: Ada, note: After interviews}]
"""


#: Two matrices: judges with scores of their own and without weights, gaps, ties, what was decided.
DECISIONS = """
forwhom: 1
kind: canvas
segments:
  - {id: a, name: Families, status: serve}
  - {id: b, name: Schools, status: ignore, decision: {reason: They pay late.}}
  - {id: c, name: Banks}
  - {id: d, name: Clubs, status: serve}
  - {id: e, name: Villages}
decision:
  criteria:
    - {id: size, name: Size}
    - {id: pays, name: Pays}
    - {id: reach, name: Reach, axis: ability}
    - {id: know, name: Know-how, axis: ability}
  scores:
    a: {size: 6, pays: 4, reach: 7, know: 5}
    b: {size: 8, pays: 7, reach: 8, know: 6}
    c: {size: 9, pays: 9, reach: 1, know: 6}
    d: {size: 2, pays: 3, reach: 4}
  judges:
    - {id: ana, weights: {size: 1, pays: 3, reach: 2, know: 2}, scores: {a: {pays: 8, size: 7}}}
    - {id: ben, weights: {size: 4}, scores: {c: {reach: 5}, b: {know: 2}}}
    - {id: cem, scores: {d: {size: 3}}}
    - {id: dee, weights: {pays: 1, know: 5}}
"""
TIED = """
forwhom: 1
kind: canvas
segments: [{id: a, name: Families}, {id: b, name: Schools, status: serve}, {id: c, name: Banks}]
decision:
  criteria: [{id: size, name: Size}, {id: pays, name: Pays}]
  scores: {a: {size: 6, pays: 4}, b: {size: 4, pays: 6}, c: {size: 5, pays: 5}}
  judges: [{id: ana, weights: {size: 1, pays: 1}}, {id: ben, weights: {size: 2, pays: 1}},
    {id: cem, weights: {size: 1, pays: 2}}]
"""

#: Pairs of segments of every kind: told apart in words, by amounts, by notes, or not at all.
SEPARATE = """
forwhom: 1
kind: canvas
segments:
  - id: a
    name: Families
    status: serve
    buti: [user]
    revenue: pays
    separate:
      offer: {text: A year of tasks, evidence: [talks@old]}
      channel: {text: Schools}
      relationship: {text: A call in May}
      profitability: {text: Low, value: 10, low: 8, high: 12, unit: EUR}
      price: [{aspect: Speed, worth: 3, unit: EUR}, {aspect: Calm, worth: 0}, {aspect: Trust}]
  - id: b
    name: Schools
    buti: [buyer]
    sponsor: c
    separate:
      offer: {text: a year of  tasks., evidence: [talks]}
      channel: {text: Fairs, evidence: [talks]}
      profitability: {text: Middling, value: 20, low: 15, high: 25, unit: eur}
      price: [{aspect: speed., worth: 3.2, unit: EUR}, {aspect: Trust}]
  - id: c
    name: Banks
    side: payers
    revenue: none
    separate:
      profitability: {text: High, level: high}
      price: [{aspect: Speed, worth: 9, low: 2, high: 10, unit: EUR}, {aspect: Trust}]
  - {id: d, name: Clubs, side: users, revenue: pays}
  - {id: e, name: Villages}
  - {id: f, name: Towns}
  - {id: g, name: Nobody, status: not-a-customer, separate: {offer: {text: None}}}
needs:
  - {id: n, statement: Save time, segments: [a, d], evidence: [talks]}
  - {id: m, statement: Be seen, segments: [b, d]}
propositions:
  - {id: p, name: Tasks, segments: [a, b, d, e, f], outreach: Newsletter}
  - {id: q, name: Fairs, segments: [c]}
blocks:
  channels: [{text: Web, segments: [c, d, e, f]}, {text: Shops, segments: [d], evidence: [talks]}]
  customer_relationships: [{text: A call, segments: [a, d, e, f]}]
  revenue_streams: [{text: Fees, segments: [a, d]}, {text: Grants, segments: [c]}]
evidence: [{id: talks, statement: Twelve talks, n: 12}]
"""


def full(framework: str = "business-model-canvas") -> Canvas:
    """A canvas with something in every part."""
    return parse_canvas(f"{FULL}\nframework: {framework}\n")


def squeezed(text: str) -> str:
    """Text without any space: lines may break anywhere."""
    return re.sub(r"[\s\u202b\u202c]+", "", text)


def words_of(canvas: Canvas) -> Iterator[str]:
    """Everything that people wrote, and that a page must show."""
    for name in ("title", "summary", "stage", "not_for"):
        value = getattr(canvas, name)
        yield from value if isinstance(value, list) else [value]
    yield from drawn_words(canvas)
    for name in ("personas", "participants", "competitors", "value_curves", "hypotheses",
                 "questions", "evidence"):  # fmt: skip
        for one in getattr(canvas, name):
            # What evidence said before is for those who accept, not for readers.
            yield from _texts(one.model_dump(exclude={"previous"}))


def drawn_words(canvas: Canvas) -> Iterator[str]:
    """Everything that people wrote for the board."""
    yield from canvas.not_for
    for _, _, note in canvas.notes():
        yield from (note.text, note.detail)
    for segment in canvas.segments:
        yield from (segment.name, segment.description, segment.side)
        yield segment.decision.reason if segment.decision else ""
    for need in canvas.needs:
        yield from (need.statement, *([need.rated_by] if need.importance is not None else []))
    for proposition in canvas.propositions:
        yield from (proposition.name, proposition.description)
        yield from (offer.text for offer in proposition.offers)
    for kpi in canvas.kpis:
        yield from (kpi.name, kpi.value, kpi.target)
    for strategy in canvas.alignment.strategies if canvas.alignment else ():
        yield from (strategy.action, strategy.owner)
    for flow in canvas.funding:
        yield from (flow.giver, flow.receiver, flow.sector, flow.country)


#: Keys that name items or choose among words of our own.
_SILENT = {
    "id", "segment", "segments", "evidence", "fingerprint", "kind", "stance", "result", "on",
    "about", "vetoes", "scores", "influences", "previous", "customer", "needs", "roles",
}  # fmt: skip


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inside in value.items():
            if key not in _SILENT:
                yield from _texts(inside)
            if key == "typical" and isinstance(inside, dict):
                yield from inside
    elif isinstance(value, list):
        for inside in value:
            yield from _texts(inside)
    elif isinstance(value, str):
        yield value


def missing(canvas_words: Iterator[str], shown: str) -> list[str]:
    """Texts that are not shown."""
    there = squeezed(shown)
    return [text for text in canvas_words if squeezed(clean(text)) not in there]
