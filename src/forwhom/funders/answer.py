"""The answer: a ledger as a document that people and programs read."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from forwhom.documents.aid.names import place_name, sector_name
from forwhom.documents.results.funding import (
    DIRECT,
    NODE_NAMES,
    NOT_SAID,
    UNKNOWN_GIVER,
    UNKNOWN_RECEIVER,
    Counted,
    Flow,
    Funding,
    Kind,
    Organization,
    Part,
)
from forwhom.errors import DataError, nearest
from forwhom.funders.cliff import cliff_of
from forwhom.funders.concentration import concentration, gross, hhi, shares_of
from forwhom.funders.families import Kind as Kinds
from forwhom.funders.ledger import Ledger
from forwhom.funders.remarks import remarks
from forwhom.funders.roles import roles_of
from forwhom.funders.settlement import Amounts, Exchange, Settled, currencies, settle
from forwhom.languages.catalog import SOURCE, speaking_all
from forwhom.wording import listed, money

By = Literal["aim", "channel", "form", "earmarking", "term", "giver"]
_KINDS: tuple[By, ...] = ("aim", "channel", "form", "earmarking", "term")


def funding_of(
    ledger: Ledger,
    *,
    sources: Sequence[str],
    today: str,
    currency: str = "",
    rates: Mapping[str, float] | None = None,
    notes: Sequence[str] = (),
    version: str = "",
    language: str = SOURCE,
) -> Funding:
    """Return who funds whom; a rate is the worth of one unit in the currency of the answer.

    Its sentences are said in a language; its names and words stay those of the data.
    """
    ledger.count_families_once()
    exchange = Exchange(currency, rates or {}, currencies(ledger))
    settled = _settled(ledger, exchange)
    total = sum(settled.amounts.values())
    given, received = _sums(settled.amounts, 0), _sums(settled.amounts, 1)
    givers, receivers = _named(given, settled), _named(received, settled)
    with speaking_all(language):
        cliff = cliff_of(ledger.forecast, exchange)
        said = [*notes, *remarks(ledger, settled)]
    return Funding(
        version=version,
        language=language,
        sources=list(sources),
        currency=settled.currency,
        rates=exchange.rates,
        basis=ledger.basis,
        today=today,
        sectors=ledger.scope.sectors,
        countries=ledger.scope.countries,
        total=total / 100,
        passed_on=sum(max(min(cents, received[name]), 0) for name, cents in givers.items()) / 100,
        unknown_receiver_share=_share(received[UNKNOWN_RECEIVER], gross(received)),
        direct_share=_share(received[DIRECT], gross(received)),
        organizations=_organizations(settled, given, received, ledger),
        flows=_flows(settled.amounts),
        concentration=concentration("givers", givers, given)
        + concentration("receivers", receivers, received),
        by_sector=_parts(settled, lambda key: key[2], sector_name),
        by_country=_parts(settled, lambda key: key[3], place_name),
        kinds=_kinds(settled),
        roles=roles_of(ledger, settled),
        cliff=cliff,
        counted=Counted(
            activities=ledger.activities,
            transactions=ledger.transactions,
            used=ledger.of_measure[ledger.basis],
            left_out=dict(sorted(ledger.left_out.items())),
        ),
        notes=said,
    )


def _named(sums: Counter[str], settled: Settled) -> dict[str, int]:
    """Return the sums of organizations, without those of nodes that are none."""
    return {name: cents for name, cents in sums.items() if name in settled.organizations}


def _settled(ledger: Ledger, exchange: Exchange) -> Settled:
    """Return what counts; nothing at all is refused, plans alone say until when money is known."""
    settled = settle(ledger, exchange)
    if not settled.amounts and not any(ledger.forecast.planned.values()):
        raise _nothing(ledger, settled)
    return settled


def _nothing(ledger: Ledger, settled: Settled) -> DataError:
    scope = ledger.scope
    if ledger.pairs and not scope.everything:
        for words, seen, option in (
            (scope.sectors, scope.seen_sectors, "--sector"),
            (scope.countries, scope.seen_countries, "--country"),
        ):
            if words and not any(seen.values()):
                return _none_such(words, seen, option)
        return DataError(
            "There is no money for these sectors in these countries.", "Ask for more of them."
        )
    other = "committed" if ledger.basis == "spent" else "spent"
    if ledger.of_measure[other]:
        return DataError(
            f"Nothing here is {ledger.basis}: the transactions say what was {other}.",
            f"Ask for that with --basis {other}.",
        )
    if settled.internal:
        within = money(settled.internal / 100, settled.currency, exact=True)
        return DataError(
            f"All the money here ({within}) stays inside one organization, which is no funding.",
            "Expected money from one organization to another; give the files of who funds it.",
        )
    if ledger.left_out:
        reasons = ", ".join(f"{reason} ({n:,})" for reason, n in ledger.left_out.most_common())
        return DataError(
            f"There is no money here that counts. Left out: {reasons}.",
            "Expected disbursements, expenditures, commitments or incoming funds.",
        )
    if ledger.forecast.over:
        return DataError(
            f"Nothing here was {ledger.basis}, and the budgets and plans end by "
            f"{ledger.forecast.over}: no money is known for any later day.",
            "Ask as of an earlier day with --today, or give files with transactions.",
        )
    return DataError(
        "There is no money here: no transaction or flow that counts.",
        "Expected disbursements, expenditures, commitments or incoming funds; or flows in a table.",
    )


def _none_such(words: Sequence[str], seen: Iterable[str], option: str) -> DataError:
    say = sector_name if option == "--sector" else place_name
    known = sorted({say(code) for code in seen if code})
    advice = nearest(words[0], known) or (
        f"The files have: {'; '.join(known[:12])}{' …' if len(known) > 12 else ''}."
        if known
        else "The files say nothing of that kind."
    )
    asked = listed([repr(say(word)) for word in words], last="or")
    return DataError(f"No money is for {asked} ({option}).", advice)


def _share(cents: int, total: int) -> float:
    return min(max(cents / total, 0.0), 1.0) if total > 0 else 0.0


def _sums(amounts: Amounts, part: Literal[0, 1]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for key, cents in amounts.items():
        sums[key[part]] += cents
    return sums


def _organizations(
    settled: Settled, given: Counter[str], received: Counter[str], ledger: Ledger
) -> list[Organization]:
    shown = {*given, *received} | {
        settled.ids[number] for (number, _), cells in ledger.roles.items() if cells
    }  # those that only have a role need a name too
    found = []
    for one in shown:
        known = settled.organizations.get(one)
        found.append(
            Organization(
                id=one,
                name=known.name if known else NODE_NAMES[one],
                type=known.type if known else "",
                given=given[one] / 100,
                received=received[one] / 100,
            )
        )
    return sorted(found, key=lambda one: (-one.given - one.received, one.id))


def _flows(amounts: Amounts) -> list[Flow]:
    sums: Counter[tuple[str, str, str, str]] = Counter()
    for (giver, receiver, sector, country, _), cents in amounts.items():
        sums[(giver, receiver, sector, country)] += cents
    return [
        Flow(giver=giver, receiver=receiver, sector=sector, country=country, amount=cents / 100)
        for (giver, receiver, sector, country), cents in sorted(
            sums.items(), key=lambda item: (-item[1], item[0])
        )
        if cents
    ]


Place = Callable[[tuple[str, str, str, str, Kinds]], str]


def _parts(settled: Settled, place: Place, name: Callable[[str], str]) -> list[Part]:
    givers: dict[str, Counter[str]] = defaultdict(Counter)
    unknown: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for key, cents in settled.amounts.items():
        code = place(key)
        sums[code] += cents
        if key[1] == UNKNOWN_RECEIVER:
            unknown[code] += cents
        if key[0] != UNKNOWN_GIVER:
            givers[code][key[0]] += cents
    parts, total = [], gross(sums)
    for code, cents in sums.items():
        shares = shares_of(givers[code])
        parts.append(
            Part(
                code=code,
                name=name(code) if code else NOT_SAID,
                amount=cents / 100,
                share=_share(cents, total),
                largest_giver=shares[0][0] if shares else "",
                largest_share=shares[0][1] if shares else 0.0,
                hhi=hhi(givers[code]),
                unknown_share=_share(unknown[code], cents),
            )
        )
    return sorted(parts, key=lambda part: (-part.amount, part.code))


def _kinds(settled: Settled) -> list[Kind]:
    def same(word: str) -> str:
        return word

    def giver_type(organization: str) -> str:
        known = settled.organizations.get(organization)
        return known.type if known else ""

    kinds = [
        Kind(by=by, parts=_parts(settled, lambda key, i=index: key[4][i], same))  # type: ignore[misc]
        for index, by in enumerate(_KINDS)
    ]
    kinds.append(Kind(by="giver", parts=_parts(settled, lambda key: giver_type(key[0]), same)))
    return [kind for kind in kinds if any(part.code for part in kind.parts)]
