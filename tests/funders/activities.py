"""IATI activities, written part by part, and the answer to who funds whom."""

from __future__ import annotations

import itertools

from forwhom.documents.results.funding import Funding
from forwhom.pipeline.funding import funding

TODAY = "2026-11-25"
TYPE = "type='40'"
_numbers = itertools.count()


def organization(tag: str, name: str, ref: str = "", more: str = "") -> str:
    given = f' ref="{ref}"' if ref else ""
    return f"<{tag}{given} {more}><narrative>{name}</narrative></{tag}>"


def transaction(code: int, amount: float, *parts: str, day: str = "2026-03-01") -> str:
    return (
        f'<transaction><transaction-type code="{code}"/><transaction-date iso-date="{day}"/>'
        f"<value>{amount}</value>{''.join(parts)}</transaction>"
    )


def activity(
    reporter: str, *parts: str, currency: str = "USD", sector: str = "12220", country: str = "KE"
) -> str:
    return (
        f'<iati-activity default-currency="{currency}">'
        f"<iati-identifier>id-{next(_numbers)}</iati-identifier>"
        f"{organization('reporting-org', reporter, 'XX-' + reporter, TYPE)}"
        f'<recipient-country code="{country}"/><sector code="{sector}"/>{"".join(parts)}'
        "</iati-activity>"
    )


def giver(name: str, ref: str = "") -> str:
    return organization("provider-org", name, ref)


def receiver(name: str, ref: str = "") -> str:
    return organization("receiver-org", name, ref)


def find(path: object, **options: object) -> Funding:
    return funding(path, **{"today": TODAY, **options})  # type: ignore[arg-type]
