"""Words of the field: what names and values of columns say about them. Data, not code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forwhom.documents.base import Basis, Criterion, Role


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Answers that are no answer; on an ordered scale they count as missing.
NO_ANSWER = frozenset(
    {
        "no answer", "no response", "not answered", "prefer not to say", "prefer not to answer",
        "rather not say", "refused", "refusal", "declined", "decline to answer", "don't know",
        "dont know", "do not know", "dk", "not sure", "unsure", "unknown", "unclear", "no opinion",
        "can't say", "cannot say", "not applicable", "does not apply", "na", "n/a", "missing",
        "not stated", "not available", "unspecified", "undisclosed", "none/unknown", "skipped",
        "no reply", "not specified",
    }
)  # fmt: skip

#: Intensities, weakest first; each is followed by one and the same word on a scale.
INTENSITY: tuple[tuple[str, ...], ...] = (
    ("not at all", "definitely not", "extremely un"),
    ("not very", "not too", "not so", "not really", "hardly", "barely", "not particularly"),
    ("slightly", "a little", "a little bit", "a bit", "only slightly"),
    ("somewhat", "moderately", "fairly", "rather", "neutral", "neither"),
    ("quite", "pretty", "mostly", "considerably", "quite a bit"),
    ("very", "a lot", "highly", "really", "strongly"),
    ("extremely", "completely", "totally", "absolutely", "exceptionally"),
)

#: Scales, lowest first; each step lists its synonyms.
SCALES: tuple[tuple[tuple[str, ...], ...], ...] = (
    (  # frequency
        ("never and not open to it",),
        ("never", "not at all", "never but open to it", "not once", "none of the time"),
        ("almost never", "hardly ever", "nearly never", "very rarely"),
        ("rarely", "seldom", "a little of the time"),
        ("occasionally", "once in a while", "now and then", "from time to time"),
        ("sometimes", "some of the time", "about half the time", "half of the time"),
        ("often", "frequently", "regularly", "a good bit of the time", "fairly often"),
        ("very often", "usually", "most of the time", "very frequently"),
        ("almost always", "nearly always"),
        ("always", "all of the time", "all the time", "constantly", "every time"),
    ),
    (  # how often, by period
        ("never", "not at all"),
        ("less often", "less than once a year", "less frequently"),
        ("yearly", "once a year", "annually", "every year"),
        ("quarterly", "every few months", "a few times a year", "several times a year",
         "less than once a month", "less than monthly"),
        ("monthly", "once a month", "every month", "about once a month"),
        ("every two weeks", "biweekly", "2-3 times a month", "a few times a month",
         "several times a month", "fortnightly"),
        ("weekly", "once a week", "every week", "about once a week"),
        ("2-3 times a week", "a few times a week", "several times a week", "multiple times a week"),
        ("daily", "every day", "once a day", "almost every day", "most days"),
        ("several times a day", "multiple times a day", "more than once a day"),
    ),
    (  # agreement
        ("strongly disagree", "completely disagree", "totally disagree", "disagree strongly",
         "fully disagree"),
        ("disagree", "tend to disagree", "mostly disagree"),
        ("somewhat disagree", "slightly disagree", "disagree somewhat", "disagree slightly",
         "rather disagree"),
        ("neither agree nor disagree", "neutral", "neither", "undecided", "neither nor",
         "neither agree or disagree"),
        ("somewhat agree", "slightly agree", "agree somewhat", "agree slightly", "rather agree"),
        ("agree", "tend to agree", "mostly agree"),
        ("strongly agree", "completely agree", "totally agree", "agree strongly", "fully agree"),
    ),
    (  # satisfaction
        ("extremely dissatisfied", "completely dissatisfied"),
        ("very dissatisfied", "very unsatisfied"),
        ("dissatisfied", "unsatisfied"),
        ("somewhat dissatisfied", "slightly dissatisfied", "rather dissatisfied"),
        ("neither satisfied nor dissatisfied", "neutral", "neither"),
        ("somewhat satisfied", "slightly satisfied", "fairly satisfied", "rather satisfied"),
        ("satisfied", "mostly satisfied"),
        ("very satisfied",),
        ("extremely satisfied", "completely satisfied"),
    ),
    (  # likelihood
        ("extremely unlikely", "definitely not", "definitely will not", "definitely would not"),
        ("very unlikely", "not at all likely"),
        ("unlikely", "probably not", "probably will not", "probably would not", "not likely",
         "not very likely"),
        ("somewhat unlikely", "slightly unlikely"),
        ("neither likely nor unlikely", "neutral", "maybe", "neither", "possibly", "might",
         "might or might not", "perhaps"),
        ("somewhat likely", "slightly likely"),
        ("likely", "probably", "probably will", "probably would", "probably yes"),
        ("very likely",),
        ("extremely likely", "definitely", "definitely will", "definitely would",
         "definitely yes"),
    ),
    (  # importance
        ("not at all important", "not important at all", "unimportant", "very unimportant"),
        ("not important", "not very important", "not too important", "of little importance",
         "somewhat unimportant"),
        ("slightly important", "a little important"),
        ("neutral", "neither important nor unimportant"),
        ("moderately important", "somewhat important", "fairly important", "rather important"),
        ("important", "quite important"),
        ("very important",),
        ("extremely important", "essential", "absolutely essential", "crucial"),
    ),
    (  # quality
        ("terrible", "awful", "very poor", "very bad", "horrible"),
        ("poor", "bad"),
        ("below average", "not so good"),
        ("fair", "average", "okay", "ok", "acceptable", "mediocre"),
        ("above average",),
        ("good",),
        ("very good",),
        ("excellent", "outstanding"),
        ("exceptional", "perfect"),
    ),
    (  # amount
        ("none", "nothing", "not at all", "no", "none at all"),
        ("very little", "hardly any", "almost none", "hardly anything"),
        ("a little", "little", "slightly", "a few", "few"),
        ("some", "somewhat", "a moderate amount", "moderately", "several"),
        ("quite a bit", "quite a lot", "many", "much"),
        ("a lot", "a great deal", "very much", "very many", "extremely", "most"),
        ("all", "everything", "completely"),
    ),
    (  # level
        ("none", "zero"),
        ("lowest", "very low", "extremely low", "minimal"),
        ("low", "light", "minor"),
        ("low-medium", "medium-low", "medium low", "lower middle", "below average"),
        ("medium", "mid", "moderate", "middle", "average", "normal", "standard"),
        ("medium-high", "high-medium", "medium high", "upper middle", "above average"),
        ("high", "heavy", "major"),
        ("very high", "highest", "extremely high", "critical"),
    ),
    (  # clothing size
        ("xxxs", "3xs"), ("xxs", "2xs"), ("xs", "extra small", "x-small"), ("s", "small"),
        ("m", "medium"), ("l", "large"), ("xl", "extra large", "x-large"),
        ("xxl", "2xl"), ("xxxl", "3xl"), ("4xl",), ("5xl",),
    ),
    (  # company size
        ("solo", "self-employed", "freelancer", "individual", "sole trader"),
        ("micro", "micro business", "startup", "tiny"),
        ("small", "small business", "smb"),
        ("medium", "mid-size", "midsize", "mid-market", "mid market", "medium business"),
        ("large", "large business", "big"),
        ("enterprise", "very large", "corporate", "huge"),
    ),
    (  # tier
        ("free", "none", "no plan"),
        ("starter", "basic", "bronze", "economy", "lite"),
        ("standard", "silver", "plus"),
        ("gold", "premium", "pro", "professional", "business"),
        ("platinum", "enterprise", "first"),
        ("diamond", "elite", "ultimate"),
    ),
    (  # skill
        ("none", "no experience"), ("novice", "beginner", "basic", "entry", "foundation"),
        ("elementary", "junior"), ("intermediate", "competent", "mid"),
        ("advanced", "proficient", "senior"), ("expert", "highly specialised", "master", "lead"),
    ),
    (  # education
        ("no formal education", "no schooling", "none", "no education"),
        ("primary", "primary school", "elementary", "elementary school", "basic",
         "less than high school", "did not complete high school", "some high school",
         "did not finish high school", "no high school diploma"),
        ("secondary", "secondary school", "high school", "high school graduate",
         "high school diploma", "high school or equivalent", "high school or less", "ged",
         "high school degree", "hs graduate", "hs grad"),
        ("vocational", "vocational training", "trade school", "apprenticeship"),
        ("some college", "some university", "some college no degree"),
        ("associate's degree", "associate degree", "associate", "associates", "associate's"),
        ("college graduate", "college", "college degree", "university", "graduation",
         "university degree", "tertiary", "undergraduate", "bachelor", "bachelors", "bachelor's",
         "bachelor's degree", "bachelor degree", "college or more", "graduate",
         "undergraduate degree"),
        ("post graduate", "post graduate degree", "postgraduate", "postgraduate degree", "master",
         "masters", "master's", "master's degree", "master degree", "graduate degree"),
        ("phd", "doctorate", "doctoral degree", "doctor"),
    ),
    (  # change
        ("much worse", "a lot worse", "decreased a lot", "much less"),
        ("worse", "somewhat worse", "a little worse", "less", "decreased", "slightly worse"),
        ("about the same", "the same", "same", "no change", "unchanged", "stayed the same",
         "stable"),
        ("better", "somewhat better", "a little better", "more", "increased", "slightly better"),
        ("much better", "a lot better", "increased a lot", "much more"),
    ),
    (  # concern
        ("not at all worried", "not worried at all"), ("not very worried", "not too worried"),
        ("somewhat worried", "a little worried"), ("worried",), ("very worried",),
        ("extremely worried",),
    ),
)  # fmt: skip

#: Words in the name of a column that tell its basis. The first basis with a word wins.
BASIS_WORDS: dict[Basis, frozenset[str]] = {
    "firmographic": _words(
        """
        industry sector employees employee headcount turnover naics sic nace company
        companysize firm organization organisation business_type legal_form fte b2b vertical
        stage
        """
    ),
    "geographic": _words(
        """
        country region state city town zip zipcode postcode postal province county district
        latitude longitude lat lon lng geo location address continent territory market_area
        neighborhood neighbourhood urban rural metro climate distance nation
        """
    ),
    "demographic": _words(
        """
        age agegroup income salary education educ edu marital married relationship_status
        household hh kids kid kidhome teenhome children child family homeowner home ownership
        housing occupation job employment employed birth birthday birthyear dob generation
        gender sex race racethn ethnicity ethnic nationality religion language orientation
        disability student retired pension dependents
        year_birth
        """
    ),
    "psychographic": _words(
        """
        attitude attitudes opinion opinions lifestyle interest interests personality
        motivation motive belief beliefs importance important satisfaction satisfied agree
        agreement rating score nps preference preferences likert trust concern concerns
        perception feel feeling intention intent likelihood recommend ease expectation
        hobby hobbies
        """
    ),
    "behavioral": _words(
        """
        visit visits purchase purchases order orders spend spent spending sales revenue amount
        amt monetary recency frequency tenure basket quantity qty usage use logins login sessions
        session clicks click views view pages page opens returns return refund refunds discount
        disc coupon coupons churn churned subscription subscribed plan calls call tickets ticket
        complaints complain complaint channel device browser payment paid price balance deposit
        loan credit card campaign response responded accepted downloads activity active days gap
        gaps trend share breadth loyalty points minutes duration last first transactions
        transaction invoice invoices store stores web catalog catalogue online mnt num deals
        mailer display
        """
    ),
}

#: What tells who or where a customer is tells nothing about the business with them.
NOT_BUSINESS: frozenset[Basis | None] = frozenset({"demographic", "geographic", "firmographic"})

#: Words in a name that tell its role; two words with '_' between them stand side by side.
ROLE_WORDS: dict[Role, frozenset[str]] = {
    "recency": _words("recency since_last last_purchase last_order last_visit"),
    "frequency": _words("frequency orders purchases transactions visits"),
    "revenue": _words("revenue sales spend spent spending monetary turnover clv ltv"),
    "cost": _words("cost costs expense expenses cac"),
    "channel": _words("channel"),
    "outcome": _words(
        """
        churn churned converted conversion response responded retained retention renewed renewal
        cancelled canceled defaulted
        """
    ),
}

#: Words that may stand beside those of a role: with any other word, it is only a part of it.
ROLE_BESIDE = _words(
    """
    total sum overall net gross annual yearly monthly weekly lifetime value amount customer user
    account days weeks months years day week month year per in the last since first purchase order
    number num no count of n is has was did flag to serve acquisition main preferred usual sales
    purchases
    """
)

#: Words in a name that tell which criterion of separate segments it speaks to; the last one wins.
CRITERION_WORDS: dict[Criterion, frozenset[str]] = {
    "offer": _words(
        """
        product products category categories brand brands item items basket plan package feature
        features need needs usage purpose preference preferences quality
        """
    ),
    "channel": _words(
        """
        channel channels store stores online offline web website app mobile branch branches catalog
        catalogue mail email mailer marketplace delivery pickup device browser
        """
    ),
    "relationship": _words(
        """
        recency frequency tenure visit visits loyalty membership support ticket tickets call calls
        complaint complaints complain contact contacts subscription subscribed newsletter churn
        churned renewal renewed retention retained referral recommend nps satisfaction login logins
        session sessions response responded orders purchases since_last
        """
    ),
    "profitability": _words(
        """
        revenue sales spend spent spending margin margins profit profits cost costs clv ltv monetary
        amount amt turnover
        """
    ),
    "price": _words(
        """
        price prices pricing discount discounts disc coupon coupons promo promos promotion
        promotions deal deals voucher vouchers bargain wtp
        """
    ),
}

#: Values that tell a basis, whatever the column is called; two must occur.
BASIS_VALUES: dict[Basis, frozenset[str]] = {
    "demographic": frozenset({
        "married", "divorced", "widowed", "never married", "separated", "unmarried", "single",
        "homeowner", "renter", "retired", "employed", "unemployed", "student", "self-employed",
        "college graduate", "some college", "high school graduate", "phd", "master", "bachelor",
        "no children", "has children", "post graduate degree", "associate's degree",
        "college or more", "high school or less", "employed working full-time",
        "employed working part-time", "not employed-retired",
    }),
    "geographic": frozenset({
        "united kingdom", "germany", "france", "spain", "italy", "united states", "usa", "canada",
        "australia", "china", "india", "brazil", "japan", "mexico", "netherlands", "norway",
        "california", "texas", "florida", "new york", "ohio", "illinois", "pennsylvania",
        "north", "south", "east", "west", "northeast", "midwest", "urban", "rural", "suburban",
        "pacific", "mountain", "new england", "middle atlantic", "south atlantic", "lisbon",
        "oporto", "london", "paris", "berlin", "rome", "madrid",
    }),
}  # fmt: skip

#: Words in a name that mark an id.
ID_WORDS = _words(
    "id ids uuid guid key identifier customerid userid clientid memberid kundennummer kundennr "
    "kundenid upc ean sku isbn asin gtin"
)

#: Words in a name that mark an id when the values hardly repeat.
NUMBER_WORDS = _words(
    """
        number no nr num code customer client member user account email mail phone mobile card
    name household invoice invoiceno order basket ssn iban reference ref
        """
)

#: Names that mark a column of sampling weights.
WEIGHT_WORDS = _words("weight weights wt wgt wts pweight pondweight")

#: Words that show a weight to be somebody's or something's, not the sample's.
BODY_WORDS = _words("kg lb lbs body height package parcel gross net birth")

#: Words in a name that mark a position in the calendar.
CALENDAR_WORDS = _words("year month week weekday day hour quarter yr dow doy")

#: Words in a name by which a part of the calendar is a unit: visits per month.
RATE_WORDS = _words("per a each every last past")

#: Words in a name that mark a date.
DATE_WORDS = _words("date day dt birthday dob since datetime timestamp start end")

#: Words in a name whose whole numbers are codes, not amounts.
CODE_WORDS = _words(
    """
        code class cluster segment type category cat group region country channel zip zipcode
    postcode status state district division area territory store branch dept department brand
    model version slope thal
        """
)

#: Words in a name whose whole numbers are steps on a scale.
RATING_WORDS = _words(
    """
        rating score scale satisfaction importance agree agreement likert nps stars grade level
    attitude rank trust recommend likelihood quality ease interest
        """
)
