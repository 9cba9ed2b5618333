"""What funding flows say: who funds whom, in which sector and country, and until when."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.languages.catalog import later, tr

#: Stand for a receiver whom nobody named, money spent without a receiver, a giver not named.
#: No organization has such an id.
UNKNOWN_RECEIVER = "?receiver"
DIRECT = "?direct"
UNKNOWN_GIVER = "?giver"

#: How a node that is no organization is called; readers see it in their language.
NODE_NAMES = {
    UNKNOWN_RECEIVER: later("Receiver not named"),
    DIRECT: later("Spent directly on goods and services"),
    UNKNOWN_GIVER: later("Giver not named"),
}

#: How a sector, place or kind is called that the data do not say.
NOT_SAID = later("Not said")

#: What a transaction says: money that was paid, or that was promised with binding force.
Basis = Literal["spent", "committed"]

#: Roles that funding data can show; the user and the target impact stand in no such data.
FundingRole = Literal["donor", "decision-maker", "purchaser"]
ROLE_NAMES: dict[FundingRole, str] = {
    "donor": later("donor"),
    "decision-maker": later("decision-maker"),
    "purchaser": later("purchaser"),
}


def said_quarter(name: str) -> str:
    """Return what a quarter, such as ``2026-Q4``, is called in the language that is spoken."""
    year, _, n = name.partition("-Q")
    return tr("{year}-Q{n}", year=year, n=n)


class Organization(Document):
    """An organization, or a node for money whose giver or receiver is not named."""

    id: str = Field(description="Reference, or name where there is none.")
    name: str = Field(description="Name that it uses of itself, or the most frequent one.")
    type: str = Field(default="", description="Kind of organization, in words.")
    given: float = Field(default=0.0, description="What it gave.")
    received: float = Field(default=0.0, description="What it received.")


class Flow(Document):
    """Money from one organization to another, in one sector and one country."""

    giver: str = Field(description="Id of the organization that gives.")
    receiver: str = Field(description="Id of the organization that receives.")
    sector: str = Field(default="", description="Code or name of the sector; empty: not said.")
    country: str = Field(default="", description="Code or name of the place; empty: not said.")
    amount: float = Field(description="How much; negative where more came back than went out.")


class Concentration(Document):
    """How far money depends on few organizations: the Herfindahl-Hirschman index of shares."""

    of: Literal["givers", "receivers"] = Field(description="Whose shares.")
    hhi: float = Field(description="Sum of squared shares in percent, from near 0 to 10,000.")
    equal: float = Field(description="As many equal ones would be as concentrated.")
    organizations: int = Field(description="Named organizations with a positive amount.")
    largest: str = Field(description="Id of the largest.")
    largest_share: float = Field(description="Its share.")
    top_three_share: float = Field(description="Share of the three largest.")
    named_share: float = Field(description="Part of the money whose organization is named.")
    level: Literal["low", "moderate", "high"] = Field(description="What the index means.")


class Part(Document):
    """One sector, country or kind of money: how much, and how far it depends on one giver."""

    code: str = Field(description="Its code; empty: not said.")
    name: str = Field(description="Its name.")
    amount: float = Field(description="How much.")
    share: float = Field(description="Part of all the money.")
    largest_giver: str = Field(default="", description="Id of the largest named giver.")
    largest_share: float = Field(default=0.0, description="That giver's share of the named money.")
    hhi: float | None = Field(default=None, description="Concentration of its named givers.")
    unknown_share: float = Field(default=0.0, description="Part whose receiver is not named.")


class Kind(Document):
    """A way to divide the money, such as by aim or by channel."""

    by: Literal["aim", "channel", "form", "earmarking", "term", "giver"] = Field(
        description="What divides it."
    )
    parts: list[Part] = Field(description="Its parts, the largest first.")


class Quarter(Document):
    """What is known about the money of one quarter."""

    quarter: str = Field(description="Such as 2026-Q4.")
    spent: float = Field(description="Reported as spent, up to today.")
    planned: float = Field(description="Planned, budgeted or promised for the days after today.")
    ending: int = Field(description="Activities or flows whose last known money is here.")
    ends: float = Field(description="What those bring in an average quarter, until then.")


class Cliff(Document):
    """Where known funding ends."""

    quarters: list[Quarter] = Field(description="From a year before today to the last money.")
    reference: float = Field(description="Money of an average quarter of the last year.")
    falls: str = Field(
        default="", description="First quarter from which less than half of that is known."
    )
    last: str = Field(default="", description="Last quarter with any known money.")
    statement: str = Field(description="What this says, in a sentence or two.")
    without_days: int = Field(default=0, description="Activities and flows whose end nobody said.")


class RoleShown(Document):
    """A role of an organization in one sector and country, and how it is known."""

    organization: str = Field(description="Id of the organization.")
    role: FundingRole = Field(description="Donor, decision-maker or purchaser.")
    sector: str = Field(default="", description="Code or name of the sector; empty: not said.")
    country: str = Field(default="", description="Code or name of the place; empty: not said.")
    activities: int = Field(default=0, description="Activities that name it in this role.")
    amount: float = Field(default=0.0, description="Given by a donor, received by a purchaser.")


class Counted(Document):
    """What was counted, and how often it was not, with the reason."""

    activities: int = Field(default=0, description="Activities of IATI.")
    transactions: int = Field(default=0, description="Transactions, or flows of a table.")
    used: int = Field(default=0, description="Of those, what the amounts rest on.")
    left_out: dict[str, int] = Field(default_factory=dict, description="Reason and how often.")


class Funding(Document):
    """Who funds whom, in one currency."""

    version: str = Field(default="", description="Version of forwhom that computed it.")
    language: str = Field(
        default="en", description="Language of the sentences: asked for, or that of the canvas."
    )
    sources: list[str] = Field(description="Names of the files.")
    currency: str = Field(description="Currency of every amount.")
    rates: dict[str, float] = Field(
        default_factory=dict, description="Rates that were given: 1 of it in this currency."
    )
    basis: Basis = Field(description="Money that was spent, or committed.")
    today: str = Field(description="The day that divides past from future.")
    sectors: list[str] = Field(default_factory=list, description="Only these sectors; empty: all.")
    countries: list[str] = Field(default_factory=list, description="Only these; empty: all.")
    total: float = Field(description="Sum of all flows between two different organizations.")
    passed_on: float = Field(description="Part that its givers had received from others here.")
    unknown_receiver_share: float = Field(description="Share whose receiver is not named.")
    direct_share: float = Field(description="Share that was spent without a receiver.")
    organizations: list[Organization] = Field(description="By money given and received.")
    flows: list[Flow] = Field(description="By giver, receiver, sector and country.")
    concentration: list[Concentration] = Field(description="Of givers and of receivers.")
    by_sector: list[Part] = Field(description="Sectors, the largest first.")
    by_country: list[Part] = Field(description="Countries and regions, the largest first.")
    kinds: list[Kind] = Field(
        description="The money by aim, channel, form, earmarking, term and kind of giver."
    )
    roles: list[RoleShown] = Field(description="Who is donor, decision-maker, purchaser where.")
    cliff: Cliff = Field(description="Where known funding ends.")
    counted: Counted = Field(description="What was counted.")
    notes: list[str] = Field(default_factory=list, description="What to know before using this.")

    def name(self, organization: str) -> str:
        """Return the name of an organization or node by its id."""
        return self._names().get(organization, organization)

    def _names(self) -> dict[str, str]:
        return NODE_NAMES | {one.id: one.name for one in self.organizations}


class Proposal(Document):
    """A participant that funding data propose for a canvas."""

    id: str = Field(description="Id in the canvas.")
    name: str = Field(description="Name of the organization.")
    roles: list[FundingRole] = Field(description="What the data show it to be.")
    reason: str = Field(description="What in the data shows it.")
    segments: list[str] = Field(
        default_factory=list, description="Whose purchase it takes part in; empty: every one."
    )
