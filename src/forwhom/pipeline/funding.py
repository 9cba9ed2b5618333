"""From files of flows to who funds whom."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from forwhom.documents.results.funding import Basis, Funding
from forwhom.funders import Ledger, Scope, funding_of
from forwhom.funders.quarters import day_of
from forwhom.funders.settlement import check_rates
from forwhom.funders.sources import Reading, Source, language_of, sources_of
from forwhom.languages.catalog import chosen
from forwhom.progress import Progress, silent
from forwhom.version import __version__


def funding(
    source: Source | Sequence[Source],
    *,
    sector: str | Sequence[str] = (),
    country: str | Sequence[str] = (),
    currency: str = "",
    rates: Mapping[str, float] | None = None,
    basis: Basis = "spent",
    today: str | datetime.date | None = None,
    language: str | None = None,
    progress: Progress | None = None,
) -> Funding:
    """Say who funds whom in which sector and country, and until when.

    Parameters
    ----------
    source
        IATI 2.0x activity files (XML, also ``.gz``), folders of them, tables of flows (CSV,
        Parquet, Excel; columns ``from``, ``to``, ``amount`` and others), a canvas with
        ``funding:``, or several of these.
    sector, country
        Only these: DAC codes or their beginnings, words of names; ISO codes or names of countries.
    currency
        Currency of the answer. Left out, it is that of the data, or USD where there are several.
    rates
        What one unit of a currency is worth in the currency of the answer.
    basis
        Money that was ``"spent"`` (disbursed, expended) or ``"committed"``.
    today
        The day that divides past from future; left out, the day on which it runs.
    language
        In which it is told, also on its page: ``"de"`` or ``"ar"``; left out: that of the canvas,
        or English.
    progress
        Called with what is being done and the fraction done.

    Returns
    -------
    Funding
        Flows, concentration, sectors, countries, roles, known money by quarter, and what was
        left out or assumed.

    Raises
    ------
    SourceError
        A file is missing, damaged, no IATI activity file, or declares a document type.
    OptionError
        This is no file and no canvas, or a language that forwhom does not speak.
    DataError
        Another version of IATI, no money, or a rate that is missing.

    Examples
    --------
    >>> from forwhom.documents.canvas import parse_canvas
    >>> canvas = parse_canvas('''
    ... forwhom: 1
    ... kind: canvas
    ... funding:
    ...   - {from: Harbor Fund, to: Clinic Network, amount: 300, sector: Health, country: Kenya}
    ...   - {from: Ministry of Health, to: Clinic Network, amount: 100, country: Kenya}
    ... ''')
    >>> found = funding(canvas, today="2026-11-25")
    >>> found.total, found.currency, found.concentration[0].hhi
    (400.0, 'USD', 6250.0)
    """
    day = day_of(today)
    check_rates(currency, rates or {})
    given = sources_of(source)
    ledger = Ledger(basis, Scope(sector, country), day)
    told = language_of(given)
    spoken = chosen(language, told, whole=True)
    reading = Reading(ledger, day, spoken, progress or silent)
    reading.read(given)
    return funding_of(
        ledger,
        sources=reading.names,
        today=day,
        currency=currency.upper(),
        rates={**reading.rates, **{code.upper(): rate for code, rate in (rates or {}).items()}},
        notes=reading.notes,
        version=__version__,
        language=told if language is None else spoken,
    )
