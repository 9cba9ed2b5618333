"""What many customer tables measure, and the words for more and for less of it."""

from dataclasses import dataclass

from forwhom.languages.catalog import later, later_in


@dataclass(frozen=True)
class Concept:
    """Something that many customer tables measure."""

    name: str  # what it is; two variables of one concept say much the same
    pattern: str  # found in the name or label of such variables
    #: ``high``, ``low``: for a segment with more and with less of it: how a sentence starts,
    #: and a phrase
    high: tuple[str, str]
    low: tuple[str, str]


_ORDER = "(order|basket|purchase|visit|transaction|trip|shopping trip)"

#: The first that matches counts, so what is special comes before what is general.
CONCEPTS = (
    Concept(
        "lifetime",
        r"first to (the )?last",
        (later("Bought over a longer time"), later_in("phrase", "long active")),
        (later("Bought over a shorter time"), later_in("phrase", "briefly active")),
    ),
    Concept(
        "regularity",
        r"irregular|(spread|variation|variability|deviation) (of|in|between) .*(gap|purchase|visit)"
        r"|\bgap (sd|cv|variation)\b",
        (later("Buys less regularly"), later_in("phrase", "irregular")),
        (later("Buys more regularly"), later_in("phrase", "regular")),
    ),
    Concept(
        "pace",
        r"\bgaps?\b|(days|weeks|months|time) between",
        (later("Buys at longer intervals"), later_in("phrase", "occasional")),
        (later("Buys at shorter intervals"), later_in("phrase", "frequent")),
    ),
    Concept(
        "recency",
        r"\brecency\b|since (the |their |your )?(last|latest|most recent)",
        (later("Bought longer ago"), later_in("phrase", "less recent")),
        (later("Bought more recently"), later_in("phrase", "recent")),
    ),
    Concept(
        "tenure",
        r"\btenure\b|since (the |their )?first|first \w+ to (the )?end|customer (since|for)|^t$"
        r"|length of relationship",
        (later("Customers for longer"), later_in("phrase", "long-standing")),
        (later("Newer customers"), later_in("phrase", "new")),
    ),
    Concept(
        "trend",
        r"\btrend\b",
        (later("Growing more"), later_in("phrase", "growing")),
        (later("Growing less"), later_in("phrase", "declining")),
    ),
    Concept(
        "returns",
        r"\breturns?\b|\breturned\b|\brefund",
        (later("Returns more"), later_in("phrase", "many returns")),
        (later("Returns less"), later_in("phrase", "few returns")),
    ),
    Concept(
        "discounts",
        r"\bdiscounts?\b|\bcoupons?\b|\bpromotions?\b",
        (later("Uses more discounts"), later_in("phrase", "discount users")),
        (later("Uses fewer discounts"), later_in("phrase", "few discounts")),
    ),
    Concept(
        "breadth",
        r"\bbreadth\b|\bvariety\b|\bdistinct\b|\bdifferent\b"
        r"|(number|count) of (categor|product|item|department|brand)",
        (later("Buys from a broader range"), later_in("phrase", "broad range")),
        (later("Buys from a narrower range"), later_in("phrase", "narrow range")),
    ),
    Concept(
        "channels",
        r"(number|count) of (channel|store|shop)",
        (later("Uses more stores or channels"), later_in("phrase", "many channels")),
        (later("Uses fewer stores or channels"), later_in("phrase", "few channels")),
    ),
    Concept(
        "order value",
        rf"(spend|spent|money|monetary|value|sales|revenue|amount)\w* (per|a|an|each) {_ORDER}"
        rf"|{_ORDER} value|value of (repeat|an order)",
        (later("Spends more per order"), later_in("phrase", "big orders")),
        (later("Spends less per order"), later_in("phrase", "small orders")),
    ),
    Concept(
        "basket",
        r"basket size|order size"
        rf"|(items|lines|units|products|quantity) (per|a|an|in each|in an?|each) {_ORDER}",
        (later("Fills bigger baskets"), later_in("phrase", "big baskets")),
        (later("Fills smaller baskets"), later_in("phrase", "small baskets")),
    ),
    Concept(
        "frequency",
        r"\bfrequency\b|\b(orders|purchases|purchase days|transactions|baskets|trips)\b",
        (later("Buys more often"), later_in("phrase", "frequent")),
        (later("Buys less often"), later_in("phrase", "occasional")),
    ),
    Concept(
        "visits",
        r"\bvisits\b|\bsessions\b|\blogins\b",
        (later("Visits more often"), later_in("phrase", "frequent visitors")),
        (later("Visits less often"), later_in("phrase", "occasional visitors")),
    ),
    Concept(
        "spend",
        r"\bmonetary\b|\bspend(ing)?\b|\bspent\b|\brevenue\b|\bsales\b|\bturnover\b|\bmoney\b",
        (later("Spends more"), later_in("phrase", "big spenders")),
        (later("Spends less"), later_in("phrase", "small spenders")),
    ),
)

#: Parts of the week and the day, when somebody buys more and less in them.
PARTS = {
    "weekend": (later_in("phrase", "more on weekends"), later_in("phrase", "more on weekdays")),
    "morning": (
        later_in("phrase", "more in the morning"),
        later_in("phrase", "less in the morning"),
    ),
    "afternoon": (
        later_in("phrase", "more in the afternoon"),
        later_in("phrase", "less in the afternoon"),
    ),
    "evening": (
        later_in("phrase", "more in the evening"),
        later_in("phrase", "less in the evening"),
    ),
}
#: How a sentence about those who buy then at all starts.
EVER = {
    "weekend": later("Ever on weekends"),
    "morning": later("Ever in the morning"),
    "afternoon": later("Ever in the afternoon"),
    "evening": later("Ever in the evening"),
}
#: What was last, where it is no purchase: longer ago, and not so long.
LAST = {
    "visit": (later("Last visit longer ago"), later("Last visit more recent")),
    "login": (later("Last login longer ago"), later("Last login more recent")),
    "session": (later("Last session longer ago"), later("Last session more recent")),
    "ticket": (later("Last ticket longer ago"), later("Last ticket more recent")),
    "call": (later("Last call longer ago"), later("Last call more recent")),
}
#: How a trend is told, by its own value.
GROWING = (later("Growing more"), later_in("phrase", "growing"))
GROWING_LESS = (later("Growing less"), later_in("phrase", "growing less"))
DECLINING = (later("Declining"), later_in("phrase", "declining"))
DECLINING_LESS = (later("Declining less"), later_in("phrase", "declining less"))
