"""What tells who a person is: e-mail, phone and IP addresses, names and postal addresses."""

# ruff: noqa: SIM905 - words read better as text than as quoted items
import re
from dataclasses import replace
from typing import Literal, TypeAlias

import narwhals.stable.v2 as nw

from forwhom.documents.people.names import family_names, given_names
from forwhom.tables.frames import Table, kinds, row_count
from forwhom.tables.spark import is_spark
from forwhom.tables.summaries import Summary, name_words
from forwhom.wording import count

#: What kind of personal data a column holds.
Personal: TypeAlias = Literal[
    "e-mail addresses", "phone numbers", "bank accounts", "IP addresses", "names of people",
    "postal addresses",
]  # fmt: skip

#: What is one person's (or household's) alone.
IDENTIFYING = ("e-mail addresses", "phone numbers", "bank accounts")

#: From this share of the values on, a column holds what they look like.
_MOSTLY = 0.8

#: With fewer different values, two capitalized words are levels, such as towns or plans.
_MANY = 10

#: So many names show that values are people, where so many of them have a known given name: of
#: customers, each of whom has one or a few rows, and of what comes back as often as a product.
_SEVERAL, _CALLED, _CALLED_OFTEN = 5, 0.4, 0.7
#: Rows of each value from which on it comes back as often as a product does.
_OFTEN = 10
#: Places and wines that are called by a saint.
_SAINT = re.compile(r"(?i)(?:san|santa|santo|são|sao|saint|sainte|st|ste|sankt)\b")
#: Numbers that follow each other so closely count orders; nobody dials them.
_DENSE = 0.001

_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]{2,}")
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]{1,4}(?:::?[0-9a-fA-F]{1,4}){3,7}")
_ACCOUNT = re.compile(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?")
#: First and last name, with a title before or a remark in brackets behind.
_PERSON = re.compile(
    r"(?:[^\W\d_]{1,4}\. )?[^\W\d_a-z][\w'’.\-]*(?:,? [^\W\d_][\w'’.\-]*){1,3}(?: \([^)]*\))?"
)
#: A name without a blank: family name and given name in two or three signs.
_JOINED = re.compile(r"[\u4e00-\u9fff]{2,3}")
_PHONE = re.compile(r"'?[+(]?\d(?:[ ().\-/]{0,2}\d){6,14}")
_ABROAD = re.compile(r"'?(?:\+|00)\d(?:[ ().\-/]{0,2}\d){7,14}")

#: Written so, digits are a phone number under any heading: 0171 2345678, (555) 123-4567.
_AT_HOME = re.compile(r"'?(?=\d*[ ().\-/])0\d(?:[ ().\-/]{0,2}\d){7,10}|\(?\d{3}[)-] ?\d{3}-\d{4}")
#: A street and the number of a house, or the other way round.
_STREET = re.compile(
    r"(?i).*(?:stra(?:ß|ss)e|str\.|\w(?:weg|gasse|allee|platz|straat|laan|gade|gatan|vej))\s*\d.*"
    r"|.*\b\d+\w?,? (?:bis |ter )?(?:rue|avenue|boulevard|place|chemin|impasse|all[ée]e|quai)\b.*"
    r"|.*\b(?:calle|avenida|plaza|paseo|rua|travessa|via|viale|piazza|corso|ul\.|ulica|ул\.|улица|"
    r"проспект)\s\D{2,40}\d.*"
    r"|.*\b\d+\w? (?:[\w'’.-]+ ){1,3}(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|"
    r"blvd|court|ct|way|terrace|close)\b.*"
    r"|.*\b(?:cad|caddesi|sok|sokak|mah)\b.*\d.*|.*شارع.*[\d٠-٩].*|.*[路街道巷]\s*\d+\s*号.*|.*丁目.*\d.*"
)

_PHONE_WORDS = frozenset(
    """
    phone telephone mobile cell cellphone fax tel telefon telefono telephon handy movil
    celular telefoon portable whatsapp msisdn telefone
    """.split()
)
_NAME_WORDS = frozenset(
    """
    name names nom nome nombre naam
    """.split()
)
_OF_PEOPLE = frozenset(
    """
    first last given family full middle sur maiden billing shipping contact customer client
    recipient cardholder kontakt vor nach prenom famille buyer donor respondent member
    beneficiary person kunde kunden user account display payer sender bill ship billto shipto
    requester submitter assignee attendee guest patient tenant owner
    """.split()
)
#: Headings under which first and last names stand; only where the values look so, too.
_MAY_NAME = frozenset(
    """
    customer client buyer contact person name payer payee recipient sender owner requester submitter
    assignee attendee guest patient donor member employee cashier rep agent kunde kaufer besteller
    empfanger empfaenger auftraggeber zahlungspflichtiger beguenstigter begunstigter mitarbeiter
    kontakt ansprechpartner acheteur client destinataire cliente comprador destinatario acquirente
    klant koper ontvanger klient odbiorca nabywca
    """.split()
)
#: Headings of what may have the name of a person: brands, works, and places.
_OF_THINGS = frozenset(
    """
    brand brands marke marque marca merk marka label designer artist author autor auteur kunstler
    artiste artista director film movie song album book title titel titre titulo product produkt
    produit producto prodotto item artikel article model modell series character city town stadt
    ville ciudad citta region place school store shop branch outlet location filiale laden magasin
    boutique tienda negozio winkel sklep team club
    """.split()
)
#: Words in values that make them companies, not people.
_OF_FIRMS = re.compile(
    r"(?i)\b(?:gmbh|ag|kg|ug|ltd|llc|inc|corp|co|company|group|sarl|sas|s\.?l|s\.?a|srl|bv|nv|oy|ab|"
    r"shop|store|bank|verein|e\.v|university|hotel|restaurant)\b"
)
_NAMES = frozenset(
    """
    firstname lastname surname forename fullname vorname nachname familienname prenom
    apellido apellidos cognome voornaam achternaam username middlename nickname imie
    nazwisko sobrenome recipientlastname recipientfirstname
    """.split()
)
_ADDRESS_WORDS = frozenset(
    """
    street address address1 address2 addressline addr strasse rue calle via straat adresse
    direccion indirizzo adres anschrift endereco
    """.split()
)
_NO_ADDRESS = frozenset(
    """
    ip web url mac network email mail type count valid verified
    """.split()
)


#: What the form of values proves, whatever the heading says.
_BY_FORM = frozenset({"e-mail addresses", "IP addresses", "bank accounts"})


def personal_kind(summary: Summary) -> Personal | None:
    """Return which personal data a column holds, by its values, else by its heading."""
    if summary.type not in ("text", "number") or summary.n == 0:
        return None
    words = set(name_words(summary.name))
    if summary.type == "text":
        if _mostly(summary, _EMAIL):
            return "e-mail addresses"
        if _mostly(summary, _IP) and summary.distinct > 1:
            return "IP addresses"
        if words & _NAMES or (words & _NAME_WORDS and words & _OF_PEOPLE):
            return "names of people"
        if words & _MAY_NAME and _are_people(summary):
            return "names of people"
        if _mostly(summary, _ACCOUNT):
            return "bank accounts"
        if words & _ADDRESS_WORDS and not words & _NO_ADDRESS:
            return "postal addresses"
        if not words & _OF_THINGS and _mostly(summary, _STREET):
            return "postal addresses"
        if _mostly(summary, _ABROAD) or (_mostly(summary, _AT_HOME) and not _counts_on(summary)):
            return "phone numbers"
        if not words & _OF_THINGS and _are_called_people(summary):
            return "names of people"
    if words & _PHONE_WORDS and _mostly(summary, _PHONE):
        return "phone numbers"
    return None


def why_personal(summary: Summary, kind: Personal) -> str:
    """Say that a column holds personal data; where values alone tell it, that they look so."""
    named = _NAMES | _NAME_WORDS | _MAY_NAME | _PHONE_WORDS | _ADDRESS_WORDS
    if kind in _BY_FORM or named & set(name_words(summary.name)):
        return f"It holds {kind}: they are never shown, and form no segments."
    return (
        f"Its values look like {kind}: they are not shown, and form no segments. If they are none, "
        "say in the study what it is for, such as 'use: descriptor'."
    )


def _counts_on(summary: Summary) -> bool:
    """Whether numbers follow each other, as those of orders do: 04-2025-000123."""
    digits = [re.sub(r"\D", "", level) for level in summary.counts]
    numbers = {int(one) for one in digits if one}
    return len(numbers) > 1 and len(numbers) > _DENSE * (max(numbers) - min(numbers))


def _are_people(summary: Summary) -> bool:
    """Whether values are first and last names, of many people and not of companies."""
    if summary.distinct < _MANY or not _mostly(summary, _PERSON):
        return False
    firms = sum(bool(_OF_FIRMS.search(level)) for level in summary.counts)
    return firms < (1 - _MOSTLY) * len(summary.counts)


def _are_called_people(summary: Summary) -> bool:
    """Whether many values are names by the given names in them, whatever the heading says."""
    levels = [level.strip() for level in summary.counts]
    if len(levels) < _SEVERAL:
        return False
    given, family = given_names(), family_names()
    of_form = [level for level in levels if _PERSON.fullmatch(level) and not _SAINT.match(level)]
    called = sum(any(word in given for word in _words_in(level)) for level in of_form)
    least = _CALLED_OFTEN if summary.n >= _OFTEN * summary.distinct else _CALLED
    if len(of_form) >= _MOSTLY * len(levels) and called >= least * len(levels):
        return not any(_OF_FIRMS.search(level) for level in levels)
    joined = [level for level in levels if _JOINED.fullmatch(level) and level[0] in family]
    alone = sum(level.casefold() in given for level in levels)
    return len(levels) >= _MANY and max(len(joined), alone) >= _MOSTLY * len(levels)


def _words_in(level: str) -> list[str]:
    """Return the first and the last word of a name, of which one may be the given one."""
    words = re.split(r"[\s,]+", level.casefold().replace("i\u0307", "i"))
    return [*words[0].split("-")[:1], words[0], words[-1]]


def one_spelling(table: Table, column: str | None) -> Table:
    """Write e-mail addresses in small letters and without blanks around them: A@X.org is a@x.org.

    Other values of the column stay as they are.
    """
    if column is None or kinds(table).get(column) != "text":
        return table
    said = nw.col(column)
    plain = said.str.strip_chars().str.to_lowercase()
    differs = plain.str.contains(rf"^{_EMAIL.pattern}$") & (said != plain)
    frame = table.frame.with_columns(nw.when(differs).then(plain).otherwise(said).alias(column))
    if is_spark(frame):  # it would read its source for the count alone
        return replace(table, frame=frame)
    odd = row_count(replace(table, frame=table.frame.filter(differs)))
    if not odd:
        return table
    rows = count(odd, "row has an address", "rows have addresses")
    told = f"{table.name}: {rows} in {column!r} with capitals or blanks; in small letters, each "
    return replace(table, frame=frame, notes=(*table.notes, f"{told}is one person's."))


def _mostly(summary: Summary, form: re.Pattern[str]) -> bool:
    found = sum(n for level, n in summary.counts.items() if form.fullmatch(level.strip()))
    return found >= _MOSTLY * sum(summary.counts.values()) > 0
