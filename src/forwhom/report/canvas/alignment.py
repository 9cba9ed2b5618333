"""Cards of alignment: what segments rated apart, what is done about it, and in which block."""

from collections.abc import Iterator, Mapping, Sequence

from forwhom.documents.canvas import Block, Canvas
from forwhom.documents.canvas.keynames import topic_name
from forwhom.documents.canvas.ratings import Strategy
from forwhom.documents.results.alignment import AlignmentClass
from forwhom.documents.standings import Standing
from forwhom.languages.catalog import later, tr
from forwhom.report.alignment.terms import CLASSES, LEVELS
from forwhom.report.canvas.cards import Card, Clues, Look, card
from forwhom.wording import joined, signed

#: Risks and states of strategies.
_WORDS = (
    later("adoption"), later("sustainability"),
    later("doing"), later("done"), later("dropped"), later("open"),
)  # fmt: skip
#: Classes whose items have a card each; the others stand on one together.
_APART: tuple[AlignmentClass, ...] = ("misaligned", "unwanted")


def cards_of(canvas: Canvas, clues: Clues) -> list[Card]:
    """Return the cards of what was rated, the heaviest first, and of every strategy."""
    apart = [one for one in clues.standings if one.alignment in _APART]
    apart.sort(key=lambda one: (_APART.index(one.alignment), -one.risks.heavier.severity))
    rest = [one for one in clues.standings if one.alignment not in _APART]
    shared = [card("aligned", _shared(rest))] if rest else []
    made = [_misaligned(one, clues) for one in apart]
    return [*made, *shared, *(_strategy(one, clues) for one in canvas.strategies)]


def answers(canvas: Canvas, block: Block, clues: Clues) -> list[Card]:
    """Return a card for every strategy that addresses a misalignment in this block."""
    names = {name.lower() for name in (block.id, block.name, *block.topics)}
    return [
        card(
            "strategy",
            [
                ("plain", one.action),
                (
                    "quiet",
                    tr(
                        "Answers a misalignment: {need}",
                        need=clues.statements.get(one.item, one.item),
                    ),
                ),
            ],
        )
        for one in canvas.strategies
        if one.status != "dropped" and one.action.strip() and one.block.strip().lower() in names
    ]


def _misaligned(one: Standing, clues: Clues) -> Card:
    weight = tr(", severity {level}", level=tr(LEVELS[one.level])) if one.level else ""
    if len(one.levels) > 1:
        weight += (
            f": {joined([f'{tr(risk)} {tr(LEVELS[level])}' for risk, level in one.levels.items()])}"
        )
    parts: list[tuple[Look, str]] = [
        ("strong", one.need.statement),
        ("fact", f"{tr(CLASSES[one.alignment][0])}{weight}"),
        ("plain", _sides(one.medians, clues)),
    ]
    if one.pressing and not one.answered:
        parts.append(("doubt", tr("Nothing says what will be done")))
    blocks = [topic_name(s.block) for s in one.strategies if s.block.strip()]
    parts.append(
        (
            "quiet",
            tr("Addressed in: {blocks}", blocks=joined(list(dict.fromkeys(blocks))))
            if blocks
            else "",
        )
    )
    return card("misalignment", parts, clues.marks(one.medians))


def _sides(medians: Mapping[str, float], clues: Clues) -> str:
    ordered = sorted(medians, key=lambda segment: -medians[segment])
    return joined([f"{clues.names[one]} {signed(medians[one])}" for one in ordered])


def _shared(rest: Sequence[Standing]) -> Iterator[tuple[Look, str]]:
    for kind, (name, _) in CLASSES.items():
        statements = [one.need.statement for one in rest if one.alignment == kind]
        if statements:
            yield "fact", tr(name)
            yield from (("plain", statement) for statement in statements)


def _strategy(one: Strategy, clues: Clues) -> Card:
    who = [one.owner, tr("by {date}", date=one.due) if one.due else "", tr(one.status)]
    return card(
        "strategy",
        [
            ("plain", one.action or tr("Nothing planned yet")),
            ("quiet", tr("About: {need}", need=clues.statements.get(one.item, one.item))),
            ("fact", joined([w for w in who if w])),
            (
                "quiet",
                tr("In the model: {block}", block=topic_name(one.block)) if one.block else "",
            ),
            ("quiet", tr("Rated again: {date}", date=one.rerate) if one.rerate else ""),
        ],
    )
