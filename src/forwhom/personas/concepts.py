"""What a variable is about, as far as its name and label tell, and the words for more and less."""

import re
from collections.abc import Collection, Iterable

from forwhom import wording
from forwhom.documents.base import is_bare
from forwhom.documents.protected import answered, named, spoken
from forwhom.documents.segmentation import Variable
from forwhom.personas import labels
from forwhom.personas.vocabulary import (
    CONCEPTS,
    DECLINING,
    DECLINING_LESS,
    EVER,
    GROWING,
    GROWING_LESS,
    LAST,
    PARTS,
    Concept,
)
from forwhom.wording import is_time, lowered, opened, quoted

_SHARE = re.compile(r"\b(share|shares|proportion|fraction)\b", re.IGNORECASE)
_WHOLE = "(spend|spending|spent|sales|revenue|money|orders|purchases|lines|units|visits|baskets)"
_LINK = "(on|in|at|from|with|for|by|of|that|are|is|placed|made|the|a|an)"
#: Shares of these are about the same as their number; shares of orders, say, are not.
_SHARES_TOO = {"returns", "discounts"}
#: Names such as q0007_0010, v12a, item 3.
_CODE = re.compile(r"(?i)(?:[a-z]{1,3}|item|var|question)?[ _.-]?\d+(?:[ _.-]?\d+)*[a-z]?")
_WORD = re.compile(r"[^\W\d_]{2}")
#: Answers that are left when no other one fits.
_NOTHING = re.compile(
    r"(?i)(none|neither|all|any|something)( of (the above|these|them))?|others?( \(.*\))?"
    r"|don.?t know|not sure|no answer|prefer not to (say|answer)|n/?a"
    r"|sonstiges?|sonstige|anderes?|andere|keines? davon|keine davon|wei(ß|ss) nicht"
    r"|autres?|aucune?( de ces .*)?|otr[oa]s?|ningun[oa]( de .*)?|altr[oi]|nessun[oa]( di .*)?"
    r"|anders|geen van deze|inn[ey]|żadn[ae] z .*|outr[oa]s?|nenhum[a]?( d.*)?"
)
_UNKNOWN = re.compile(r"(?i)unknown|not known|not (given|stated|specified)|unspecified|missing")
#: Answers of how much and how often, which say nothing without their question.
_DEGREE = re.compile(
    r"(?i)a (lot|little|few)|some|(not|nothing) at all|very|somewhat|often|sometimes|rarely|seldom"
    r"|never|always"
)
#: An answer of words side by side, which are no names: "Fair/Poor".
_EITHER = re.compile(r"[A-Z][a-z]+(\s?/\s?[A-Z][a-z]+)+")
#: Longer numbers are no names of levels, but measurements of which few differ.
_LONG_NUMBER = 6
#: What somebody is: an answer that needs no question.
_WHO = {"demographic", "geographic", "firmographic"}
_YES = {"yes", "y", "true", "t", "1", "1.0"}
_NO = {"no", "n", "false", "f", "0", "0.0"}
#: What an option of a "select all that apply" question holds for those who did not select it.
_UNSELECTED = {
    "not selected", "unselected", "not chosen", "not checked", "unchecked", "not ticked",
    "not mentioned", "nicht genannt", "nicht gewählt", "nicht ausgewählt", "nicht angekreuzt",
    "non sélectionné", "non coché", "non cité", "no seleccionado", "no marcado", "no mencionado",
    "non selezionato", "niet geselecteerd", "niet genoemd", "nie wybrano", "não selecionado",
}  # fmt: skip
#: What it holds for those who did, where that is no answer of its own: a yes, whatever was asked.
_SELECTED = {
    "selected", "chosen", "checked", "ticked", "mentioned", "genannt", "gewählt", "ausgewählt",
    "angekreuzt", "sélectionné", "coché", "cité", "seleccionado", "marcado", "mencionado",
    "selezionato", "geselecteerd", "genoemd", "wybrano", "selecionado",
}  # fmt: skip


def searched(variable: Variable) -> str:
    """Return the words in which a concept is looked for."""
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", variable.name)
    return " ".join(
        f"{name} | {variable.label}".replace("_", " ").replace("-", " ").lower().split()
    )


def concept_of(variable: Variable) -> Concept | None:
    """Return what a number is about, or ``None`` when its words do not tell."""
    share = is_share(variable)
    parts = [part.strip() for part in searched(variable).split("|")]
    for concept in CONCEPTS:
        if share and concept.name not in _SHARES_TOO:
            continue
        if any(re.search(concept.pattern, part) for part in parts):
            return concept
    return None


def is_share(variable: Variable) -> bool:
    """Return whether a variable is called a share of something."""
    return wording.is_share(variable.unit) or (
        variable.unit is None and bool(_SHARE.search(searched(variable)))
    )


def is_nameable(variable: Variable, level: str | None = None) -> bool:
    """Return whether a segment may be named after a variable: no protected attribute is."""
    if variable.use == "protected":
        return False
    if named(variable.name, variable.label) or answered(variable.levels):
        return False
    return not any(spoken(text) for text in (*variable.levels, level or ""))


def sharing(variables: Iterable[Variable]) -> frozenset[str]:
    """Return the names of variables that a sentence must name: others share their concept.

    So must a trend be named, whose numbers have no unit that would tell what they are.
    """
    of: dict[str, list[str]] = {}
    for variable in variables:
        concept = concept_of(variable)
        if concept is not None:
            of.setdefault(concept.name, []).append(variable.name)
    return frozenset(
        name
        for concept, names in of.items()
        if len(names) > 1 or concept == "trend"
        for name in names
    )


#: What money is spent on; the shop of those who ask is no such thing.
_SPENT_ON = re.compile(
    r"\bsp(?:end|ent|ending) (?:on|in|at) (?!(?:our|your|this|us)\b)(.+?)[\s?]*$", re.IGNORECASE
)


def number_words(variable: Variable, more: bool, inside: float | None = None) -> tuple[str, str]:
    """Return how a sentence about more (or less) of a number starts, and the phrase for it.

    A trend also needs its own value ``inside`` the segment: less growth need not be decline.
    """
    label = variable.label
    concept = concept_of(variable)
    if concept is not None:
        lead, phrase = concept.high if more else concept.low
        if concept.name == "trend" and inside is not None:
            return _trend_words(more, inside)
        event = re.search(
            r"(?i)\bsince (?:the |their )?last (visit|login|session|ticket|call)", label
        )
        if concept.name == "recency" and event:
            longer, shorter = LAST[event[1].lower()]
            return longer if more else shorter, phrase
        about = _SPENT_ON.search(label)
        if concept.name == "spend" and about:
            short = labels.short_label(about[1])
            lead = f"Spends more on {about[1]}" if more else f"Spends less on {about[1]}"
            return lead, f"{'much' if more else 'little'} {short}"
        return lead, phrase
    if is_share(variable):
        return _share_words(label, more)
    if how := _HOW.match(label):
        told = re.sub(r"(?i) (?:are|is|were|was|would) (?:you|they|we|it)\b", "", how[1])
        short = labels.short_label(told)
        return opened(label.rstrip(" :?")), f"{'more' if more else 'less'} {short}"
    # "Number of children" and "How many children do you have?" are many or few children.
    counted = _NUMBER_OF.sub("", label, count=1) if variable.measure == "count" else ""
    short = labels.short_label(counted or label)
    short = re.sub(r"(?i)\s+(do|did|have|has) (you|they|we)\b.*", "", short)
    adjectives = ("many", "few") if counted and labels.is_plural(counted) else ("high", "low")
    if elsewhere := _NUMBER_OF_ELSEWHERE.match(label):
        adjectives, short = ("many", "few"), labels.short_label(label[elsewhere.end() :])
        if elsewhere[0].lower().startswith(("anzahl", "zahl")):  # its nouns keep their capital
            short = opened(short)
    return opened(label.rstrip(" :?")), f"{adjectives[0 if more else 1]} {short}"


#: The same in other languages: what it counts stands behind it, in the plural.
_NUMBER_OF_ELSEWHERE = re.compile(
    r"(?i)\s*(anzahl( der| an)?|zahl der|nombre (total )?(de |d['’])|número (total )?de|"
    r"numero (totale )?di|aantal|liczba)\s*(?<=[\s'’])(?=\S)"
)
#: A question after a degree: "How likely are you to come back?"
_HOW = re.compile(r"(?i)how (?!many|much|old|long|often|far|high|low|do |did )(\w+ .+)")
_NUMBER_OF = re.compile(
    r"(?i)^\s*(the )?(total )?"
    r"((number|count|no\.?|nr\.?|num|amount|#) of|how many|num|nr|count)\s+"
    r"((the|our|your)\s+)?(?=\S)"
)


def _trend_words(more: bool, inside: float) -> tuple[str, str]:
    if more:
        return GROWING if inside > 0 else DECLINING_LESS
    return DECLINING if inside < 0 else GROWING_LESS


def any_words(variable: Variable) -> str:
    """Return how a sentence about the customers who have any of a number at all starts."""
    label = variable.label
    concept = concept_of(variable)
    if concept is not None and concept.name == "lifetime":
        return "Came back after the first day"
    if is_time(variable.unit):
        return f"{opened(label)} above zero"
    if not is_share(variable):
        return f"Any {lowered(label)}"
    topic = topic_of(label)
    if topic in PARTS:
        return EVER[topic]
    return f"Any {topic}"


def is_part(variable: Variable) -> bool:
    """Return whether a variable is the share of a part of the week or the day."""
    return is_share(variable) and topic_of(variable.label) in PARTS


def _share_words(label: str, more: bool) -> tuple[str, str]:
    topic = topic_of(label)
    whole, colon, part = label.partition(": ")
    part = labels.calm(part)
    lead = opened(f"{whole} on {part}" if colon else label)
    if topic in PARTS:
        return lead, PARTS[topic][0 if more else 1]
    rarely = "rarely" if topic.startswith("outside ") else "little"
    return lead, topic if more else f"{rarely} {topic}"


def topic_of(label: str) -> str:
    """Return what a share is of: ``'Share of spend on produce'`` is about produce."""
    if ":" in label:
        return labels.short_label(labels.calm(label.split(":", 1)[1].strip() or label))
    for pattern in (rf"^.*\bshares? of {_WHOLE}\b", rf"\bshares? of {_WHOLE}\b", _SHARE.pattern):
        topic = re.sub(pattern, " ", label, count=1, flags=re.IGNORECASE)
        topic = re.sub(rf"^(\s*\b{_LINK}\b)+", "", topic, flags=re.IGNORECASE).strip()
        if topic and topic != label:
            return labels.short_label(labels.calm(topic))
    return labels.short_label(label)


def level_words(variable: Variable, level: str, more: bool, repeated: Collection[str] = ()) -> str:
    """Return the phrase for a level that is more (or less) common than elsewhere.

    An answer that other questions have, too (``repeated``), says nothing without its question;
    where that is only a code, the phrase is empty.
    """
    # Of one question with several rows, the row tells: "speed: very important".
    row = variable.label.removeprefix(variable.question).strip(" :") if variable.question else ""
    label = labels.short_label(row if _WORD.search(row) else variable.label)
    option = option_of(variable)
    if option is not None:
        # "Yes, one or more children" and "Your finances" name nobody by their first word.
        told = re.sub(r"(?i)^(yes[,:;]|your|my|our) (?=\S{3})", "", labels.calm(option)).strip()
        start = re.split(r"[,;]", told)[0].strip()
        text = quoted(labels.cut(lowered(start if len(start) >= 4 else told), 30))
        return f"chose {text}" if (level == option) == more else f"not {text}"
    said = yes_or_no(variable, level)
    if said and (ticked := ticked_of(variable)):
        text = quoted(labels.cut(lowered(labels.calm(ticked)), 30))
        return f"chose {text}" if (said == "yes") == more else f"not {text}"
    asked = _ASKED_YOU.fullmatch(row or variable.label)
    if said and asked:
        # "Do you own a car?" is "own a car" or "do not own a car".
        own = labels.short_label(asked[2])
        return own if (said == "yes") == more else f"{asked[1].lower()} not {own}"
    if said:
        return label if (said == "yes") == more else _denied(label)
    # What follows a comma qualifies an answer, and a number before it only orders it.
    plain = re.split(r"[,;(]", level.strip())[0].strip() or level.strip()
    plain = re.sub(r"^\d+[.):]?\s+(?=[^\W\d])", "", plain)
    if _UNKNOWN.fullmatch(plain):
        return f"{label} {'unknown' if more else 'known'}"
    if _speaks(variable, level, plain, repeated):
        text = labels.cut(labels.calm(plain), 28)
        text = lowered(text) if " " in text and text[1:].islower() else text
        return text if more else f"not {text}"
    if is_coded(variable) or (is_bare(plain) and len(plain) > _LONG_NUMBER):
        return ""
    plain = plain.lower() if _EITHER.fullmatch(plain) else lowered(plain)
    return _with_label(label, plain if more else f"not {plain}")


def _with_label(label: str, answer: str) -> str:
    """Return an answer behind its question; of a long one the end tells: agree, or disagree."""
    room = _ROOM - len(answer)
    if len(answer) > _LONG_ANSWER or room < min(len(label), _FEWEST_LETTERS):
        return f"{label}: {labels.cut(answer, _CUT_ANSWER)}"
    return f"{labels.cut(label, room)}: {answer}"


def _speaks(variable: Variable, level: str, plain: str, repeated: Collection[str]) -> bool:
    """Return whether an answer says by itself what it is about: a town, or an answer of words."""
    told = len(plain) >= 4 and any(c.isalpha() for c in plain)
    if not told or level in repeated or is_yes(plain) or is_no(plain) or says_nothing(plain):
        return False
    if _DEGREE.fullmatch(plain):
        return False
    if is_coded(variable):
        # Of a question that has only a code, an answer of some words says more than both.
        return variable.measure == "nominal" or (" " in plain and len(plain) >= 8)
    return variable.measure == "nominal" and variable.basis in _WHO


#: So many letters of an answer stand whole behind so many of its question, in a name.
_LONG_ANSWER, _FEWEST_LETTERS, _ROOM = 32, 12, 43
#: And so many of a longer one.
_CUT_ANSWER = 20
#: A question, and one of its answers behind it.
_ANSWER_OF = re.compile(r".*\?(?: ?[:–-])? +([^?]+)")
#: The answer of a question is so many words at most; more may be another sentence.
_MOST_WORDS = 4
#: A question that is answered with yes or no.
_ASKED_YOU = re.compile(
    r"(?i)(do|did|are|were|have|will|would|can|could) you (?:ever |currently |usually )?(.+?)\s*\??"
)


def _denied(label: str) -> str:
    head, _, rest = label.partition(" ")
    return f"never {rest}" if head == "ever" and rest else f"no {label}"


def is_coded(variable: Variable) -> bool:
    """Return whether a variable is called by a code, such as ``q0007_0010``, which says nothing.

    A question and its row may be codes both: ``q0007: 0010``.
    """
    return all(_CODE.fullmatch(part.strip()) for part in variable.label.split(":"))


def answer(variable: Variable, level: str) -> str:
    """Return a level as an answer: yes or no where it means that."""
    return yes_or_no(variable, level) or level


def affirms(variable: Variable, level: str) -> bool:
    """Return whether a level is the yes of a yes or no, or an option that was selected."""
    return yes_or_no(variable, level) == "yes" or level == option_of(variable)


def yes_or_no(variable: Variable, level: str) -> str:
    """Return ``'yes'``, ``'no'``, or ``''`` where a level says neither: the 1 of 1 and 2."""
    if variable.measure != "binary":
        return ""
    if not all(is_yes(other) or is_no(other) for other in (level, *variable.levels)):
        return ""
    return "yes" if is_yes(level) else "no"


def option_of(variable: Variable) -> str | None:
    """Return the option that a column of a "select all that apply" question stands for."""
    selected = [v for v in variable.levels if v.strip().lower() not in _UNSELECTED]
    if {v.strip().lower() for v in selected} & _SELECTED:
        return None
    if variable.measure != "binary" or len(variable.levels) != 2 or len(selected) != 1:
        return None
    return selected[0]


def ticked_of(variable: Variable) -> str:
    """Return the answer of a question with several that a yes or no stands for, or an empty text.

    The label of such a column is the question with one of its answers: “Which do you use?: App”.
    """
    found = _ANSWER_OF.fullmatch(variable.label)
    answer = found[1].strip() if found else ""
    sure = "?: " in variable.label or len(answer.split()) <= _MOST_WORDS
    return answer if sure else ""


def says_nothing(level: str) -> bool:
    """Return whether an answer tells nothing of who gave it: "none of the above", "other"."""
    return _NOTHING.fullmatch(level.strip()) is not None


def is_yes(level: str) -> bool:
    """Return whether a level says yes."""
    return level.strip().lower() in _YES | _SELECTED


def is_no(level: str) -> bool:
    """Return whether a level says no."""
    return level.strip().lower() in _NO | _UNSELECTED
