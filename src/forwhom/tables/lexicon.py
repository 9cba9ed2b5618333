"""Words of the field: what names and values of columns say about them. Data, not code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forwhom.documents.base import Basis, Criterion, Role


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: What customers pay, and how often they come, where a table calls it in another language.
_SPENT = _words(
    """
        umsatz umsatze ausgaben chiffre_affaires d_affaires depenses ventas gasto gastos facturacion
        fatturato spesa vendas faturamento omzet uitgaven przychod przychody wydatki
        """
)
_OFTEN = _words(
    """
        bestellungen einkaufe kaufe besuche commandes visites pedidos visitas ordini visite
        bestellingen aankopen bezoeken zamowienia wizyty
        """
)

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
        neighborhood neighbourhood urban rural metro climate distance nation village
        plz postleitzahl wohnort bundesland stadt dorf gemeinde landkreis ville pays commune
        quartier departement ciudad pais provincia municipio pueblo comuna citta paese comune
        regione regiao cidade municipio woonplaats gemeente provincie miasto gmina wojewodztwo kraj
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
        haushalt haushaltsgrosse haushaltsgroesse haushaltseinkommen einkommen beruf bildung
        bildungsabschluss kinder menage foyer enfants profession hogar hijos ocupacion estudios
        famiglia figli professione istruzione huishouden kinderen beroep opleiding gospodarstwo
        dzieci zawod wyksztalcenie domicilio agregado filhos profissao escolaridade
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
    )
    | _SPENT
    | _OFTEN,
}

#: What tells who or where a customer is tells nothing about the business with them.
NOT_BUSINESS: frozenset[Basis | None] = frozenset({"demographic", "geographic", "firmographic"})

#: Words in a name that tell its role; two words with '_' between them stand side by side.
ROLE_WORDS: dict[Role, frozenset[str]] = {
    "recency": _words("recency since_last last_purchase last_order last_visit"),
    "frequency": _words(
        """
        frequency orders purchases transactions visits order_count purchase_count visit_count
        transaction_count
        """
    )
    | _OFTEN,
    "revenue": _words(
        """
        revenue sales spend spent spending monetary turnover clv ltv lifetime_value mrr gmv donated
        donation_amount
        """
    )
    | _SPENT,
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
    chiffre gesamt summe anzahl jahr monat pro kunde netto brutto nombre nb par an mois de client
    numero por mes ano cliente di mese anno aantal totaal jaar maand klant liczba
    """
) | _words("usd eur gbp chf jpy cad aud sek nok dkk pln czk inr brl mxn cny euro euros dollars")

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
        session sessions response responded orders purchases since_last order_count purchase_count
        visit_count transaction_count
        """
    )
    | _OFTEN,
    "profitability": _words(
        """
        revenue sales spend spent spending margin margins profit profits cost costs clv ltv monetary
        amount amt turnover lifetime_value mrr gmv
        """
    )
    | _SPENT,
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
WEIGHT_WORDS = _words(
    """
        weight weights wt wgt wts pweight pondweight gewicht gewichtung gewichtungsfaktor gew
        hochrechnungsfaktor poids ponderation peso ponderacion ponderacao ponderatore pesaje fator
        weegfactor weging waga
        """
)

#: Words that show a weight to be somebody's or something's, not the sample's.
BODY_WORDS = _words(
    """
        kg lb lbs body height package parcel gross net birth korper paket brutto netto corps colis
        bebe
        """
)

#: Words in a name that mark a position in the calendar.
CALENDAR_WORDS = _words(
    """
        year month week weekday day hour quarter yr dow doy jahr monat woche wochentag tag quartal
    stunde annee mois semaine trimestre ano mes semana
        """
)

#: Words in a name by which a part of the calendar is a unit: visits per month.
RATE_WORDS = _words("per a each every last past")

#: Words in a name that mark a date.
DATE_WORDS = _words("date day dt birthday dob since datetime timestamp start end")

#: Words in a name whose whole numbers are codes, not amounts.
CODE_WORDS = _words(
    """
        code class cluster segment type category cat group region country channel zip zipcode
    postcode status state district division area territory store branch dept department brand
    model version slope thal vote party job occupation marital gender sex race religion source
    device browser group language nation nationality country industry sector
        """
)

#: Words in a name whose whole numbers are steps on a scale.
RATING_WORDS = _words(
    """
        rating score scale satisfaction importance agree agreement likert nps stars grade level
    attitude rank trust recommend likelihood quality ease interest
        """
)

#: Words in a name whose numbers are codes, however many there are.
STRICT_CODE_WORDS = _words(
    """
        code codes zip zipcode postcode postal plz naics nace sic isic icd cpv fips insee hs
    kennziffer schluessel codigo cp branche
        """
)

#: Words in a name whose whole numbers count or measure something.
COUNT_WORDS = _words(
    """
        number num no nr n count counts cnt qty quantity units total sum times visit visits order
    orders purchase purchases transaction transactions ticket tickets call calls complaints
    complain products items children child kids kidhome teenhome persons people employees cars
    rooms bedrooms bathrooms doors cylinders gears siblings sibsp parch dependents members clicks
    logins sessions returns refunds days hours minutes weeks months years campaign previous
    accounts cards subscriptions downloads deals pets trips nights guests adults inquiries loans
    anzahl nombre nb numero cantidad hijos enfants kinder spend spent sales revenue amount price
    montant importe monto importo betrag summe umsatz bedrag kwota valor
    age alter edad
        """
)

#: Names of what is to be predicted.
TARGET_WORDS = _words("y target label outcome class response churn exited attrition success")

#: Words in a name that mark groups into which customers were put.
TRIAL_WORDS = _words(
    """
        variant arm treatment treated experiment experimental randomized randomised random ab
    abtest testgroup testgruppe holdout assignment assigned allocation bucket
        """
)

#: Words in a name that may mark such groups, where the levels say so too.
GROUP_WORDS = _words("group version cell test condition gruppe groupe grupo exposed exposure wave")

#: Words in levels that mark a control group.
CONTROL_WORDS = _words("control placebo holdout kontrolle kontrollgruppe témoin ctrl ctl")
