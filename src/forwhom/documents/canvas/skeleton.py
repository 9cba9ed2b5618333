"""The text of a new canvas: every part with a short example as comment, in one invented story."""

from urllib.parse import quote

from forwhom.documents.yamlwriting import scalar

#: Parts of a canvas. A line that begins with '#' and two spaces is an example; without its '#'
#: it says something, and all of them together are a sound canvas.
_PARTS = """\
# Names that must not appear in what customers need.
names: {ours: [], brands: [], features: [], competitors: []}

# For whom? Name groups by what they need and do. 'status' is candidate, serve, ignore or
# not-a-customer; once decided, 'decision' says why. 'market_type' and 'side' only where they
# differ from segment to segment: the side is that of a platform.
segments:
#  - id: weekly-parents
#    name: Parents who shop once a week
#    description: They plan the meals of a week on one evening.
#    bases: [behavioral]
#    market_type: niche
#    side: shoppers
#    buti: [buyer, user]
#    size: {share: 0.2, source: Our estimate}
#    status: serve
#    decision: {reason: They come every week already., date: 2026-11-25}
#    revenue: pays
#    separate:
#      offer: {text: A list for a week, evidence: [interviews]}
#      channel: {text: The store on Saturday}
#      relationship: {text: Nobody talks to them}
#      profitability: {text: They fill a cart, value: 300, unit: EUR a year}
#      price:
#        - {aspect: One trip a week, offer: meal-list, worth: 2, unit: EUR a week}
#    digital_literacy:
#      level: basic
#      measured_by: Ten tasks on a phone
#      messages: [The list works on paper.]
#      tasks: [Show the list before the app]
#    claims:
#      - {text: They shop on Saturday., evidence: [interviews]}
#    open_questions: [Who writes the list?]
#  - id: children
#    name: Children who eat what is bought
#    buti: [target-impact]
#    revenue: sponsored
#    sponsor: weekly-parents

# In a multi-sided market: what does each side bring to the other, and what happens without it?
exchanges:
#  - {from: children, to: shoppers, brings: Wishes for the week, without: They cook the same again}

# Who is left out on purpose?
not_for:
#  - People who eat out

# Who takes part in the purchase? Roles: user, influencer, recommender, buyer, decision-maker,
# donor, purchaser, target-impact, initiator, gatekeeper, approver.
participants:
#  - id: list-writer
#    name: The parent who writes the list
#    segments: [weekly-parents]
#    roles: [buyer, decision-maker]
#    stance: supports
#    veto: true
#  - id: hungry-child
#    name: The child who asks
#    segments: [weekly-parents]
#    roles: [user]
#    influences:
#      - {on: list-writer, strength: medium}

# What do they need? A job is a verb, an object and a context, without our product. Kinds: job,
# want, fear, pain, gain, outcome. Importance and satisfaction go from 0 to 10; 'rated_by' says who
# rated. 'of' is the main job that a need belongs to, 'step' where in its map: define, locate,
# prepare, confirm, execute, monitor, modify, conclude.
needs:
#  - id: week-of-meals
#    statement: Get a week of meals into the house in one trip
#    kind: job
#    job: functional
#    segments: [weekly-parents]
#    importance: 8
#    satisfaction: 4
#    rated_by: 14 respondents
#    quotes:
#      - {text: I was there three times last week, source: Interview 3}
#  - id: time-to-plan
#    statement: Minimize the time it takes to choose the meals of a week
#    kind: outcome
#    of: week-of-meals
#    step: define
#    segments: [weekly-parents]

# Answers of respondents about needs, as a CSV beside this file.
need_ratings:

# Who stands for a segment: a customer of today (current), an important one, or one we hope for
# (hoped-for)? Typical values are medians and modes, nobody's record. A picture is a file beside
# this one: image: {file: planner.jpg, alt: …, source: …, license: …}; 'world' is a list of them.
personas:
#  - id: saturday-shopper
#    name: Saturday shopper
#    segment: weekly-parents
#    summary: Writes the list on Friday night and goes before ten.
#    customer: current
#    typical: {Visits a week: "1"}
#    design_relevant:
#      - {text: It is on paper., why: No phone is at hand., evidence: [interviews]}
#    goals: [{text: One trip a week., evidence: [interviews]}]
#    barriers: [{text: The store is full on Saturday., evidence: [interviews]}]
#    behaviors: [{text: They go before ten., evidence: [interviews]}]
#    psychographics: [{text: They like a plan., evidence: [interviews]}]
#    sociographics: [{text: They shop for four., evidence: [interviews]}]
#    demographics: [{text: Most have two children., evidence: [interviews]}]
#    needs: [week-of-meals]
#    quotes: [{text: Ten past ten is too late, source: Interview 5}]
#    open_questions: [What makes them go twice?]

# What do we offer them, and how far does it answer what they need?
propositions:
#  - id: one-cart
#    name: One cart for the week
#    segments: [weekly-parents]
#    values: [functional]
#    features:
#      - {id: meal-list, text: A list for seven meals}
#    statement: {headline: Shop once and cook all week}
#    positioning: {category: shopping list, alternative: guessing}
#    fit:
#      - {need: week-of-meals, by: [meal-list], strength: partial}

# What do they do instead? What does it offer, and whom is it for? Doing nothing counts.
competitors:
#  - id: corner-shop
#    name: The shop at the corner
#    offers: [Open until ten]
#    target_segments: [Whoever forgot something]
#    segments: [weekly-parents]
#  - {id: do-without, name: Eating what is left, kind: nothing}

# Ours beside others', from 0 (bad) to 10 (excellent), on what matters to a segment.
value_curves:
#  - id: curve-parents
#    segment: weekly-parents
#    points:
#      - {criterion: Time it takes, scores: {ours: 7, corner-shop: 5, do-without: 9}}

# Which segments to serve? Scores from 0 (bad) to 10 (good), and the weights of several judges.
decision:
#  criteria:
#    - {id: how-many, name: How many they are}
#    - {id: in-reach, name: We can reach them, axis: ability}
#  scores:
#    weekly-parents: {how-many: 6, in-reach: 8}
#    children: {how-many: 8, in-reach: 3}
#  judges:
#    - {id: judge-a, weights: {how-many: 2, in-reach: 1}}

# What do we believe, and how will we know?
hypotheses:
#  - id: list-is-used
#    statement: Parents use the list in the second week as well
#    segments: [weekly-parents]
#    prototype: The list on paper
#    test: Give the list to twenty parents
#    metric: Parents who come with the list in the second week
#    threshold: at least 12 of 20
#    critical: true
#    stated: 2026-11-25

# What will we ask? About the last time, not about the future.
questions:
#  - {id: last-trip, text: Tell me about your last trip., segments: [weekly-parents]}

# Do buyer, user and target impact want the same? Ratings from -5 to 5.
alignment:
#  items: [week-of-meals]
#  ratings:
#    - {rater: rater-1, segment: weekly-parents, item: week-of-meals, value: 4}
#    - {rater: rater-1, segment: children, item: week-of-meals, value: -2}
#  strategies:
#    - {id: let-them-choose, item: week-of-meals, action: A meal of the children's choice}

# Which numbers tell whether it works?
kpis:
#  - {id: one-trip, name: Weeks with one trip, segments: [weekly-parents], target: 3 of 4}

# Who funds whom?
funding:
#  - {from: Town of Merrow, to: Us, amount: 5000, currency: EUR, instrument: grant}

# The political economy: who wants what, how much can they do, which rules do they live by?
actors:
#  - {id: town, name: Town of Merrow, interest: Full shops, power: high, rules: [A budget a year]}

# How is money given, and what does that mean for the model?
funding_features:
#  - {id: one-year, feature: One year at a time, means: Ask again in autumn, actors: [town]}

# What a currency is worth in the currency of the answer.
funding_rates:
#  EUR: 1.1

# What is known? Claims cite it by its id.
evidence:
#  - {id: interviews, statement: Nine of twelve shop on Saturday., n: 12, date: 2026-10-01}

# What replaced what, and what was decided?
history:
#  - {date: 2026-11-25, what: decided, item: weekly-parents, by: The team}

# What the linter looks for here.
lint:
#  stale_after_days: 365

"""


def skeleton(title: str, framework: str, file: str, schema: str, language: str) -> str:
    """Return the text of a new canvas up to its blocks."""
    lines = [f"# yaml-language-server: $schema={quote(schema)}"] if schema else []
    lines += [
        "# A canvas: what we know and decide about our customers. A key without a value waits to",
        "# be filled. Lines that begin with '#' and two spaces are examples: take the '#' away,",
        "# and change them.",
        f"# Check it with: forwhom lint {file}",
        "",
        "forwhom: 1",
        "kind: canvas",
        f"title: {scalar(title)}",
        "# One or two sentences.",
        "summary:",
        f"framework: {scalar(framework)}",
        f"language: {scalar(language)}",
        "# Days, such as 2026-11-25.",
        "created:",
        "updated:",
        "# 'explore' searches for a model, 'exploit' runs one; the stage in your words.",
        "portfolio:",
        "stage:",
        "# mass, niche, segmented, diversified or multi-sided",
        "market_type:",
        "",
    ]
    return "\n".join(lines) + "\n" + _PARTS
