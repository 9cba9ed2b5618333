"""The simple grammar of statements: what begins them, where their verbs are."""

import re

from forwhom.documents.phrases import in_small_letters
from forwhom.lint.vocabulary import Words

_WORD = re.compile(r"[^\W\d_][\w'’-]*")

#: What a longer statement goes on to say is no job.
_MOST = 400
_ASIDE = re.compile(r"\s*\([^)]*\)")


def without_lead_in(statement: str, words: Words) -> str:
    """Return a job without what comes before its verb ("I need to", "When I shop, I want to")."""
    text = _ASIDE.sub("", " ".join(statement[:_MOST].split())).strip(" .!…")
    text, small = in_small_letters(text)
    story = words.patterns["context"].match(small)
    if story and ", " in text:
        start = text.index(", ") + 2
        text, small = text[start:], small[start:]
    lead = words.patterns["lead_ins"].match(small)
    return text[lead.end() :].lstrip(" ,") if lead else text


def core(job: str, words: Words) -> str:
    """Return a job without its circumstances ("when …", "so that …")."""
    text, small = in_small_letters(job)
    circumstances = words.patterns["context"].search(small)
    if circumstances and circumstances.start() > 0:
        text = text[: circumstances.start()]
    return text.rstrip(" ,;–—-")


def second_job(job: str, words: Words) -> str:
    """Return how the core of a job goes on to a second job, such as ``"and hire"``; or ""."""
    if words.last_verb:
        return _second_at_the_end(job, words)
    text = words.patterns["pairs"].sub("do", job.lower())
    for found in words.patterns["conjunctions"].finditer(text):
        after = _WORD.findall(text[found.end() :])[:2]
        if after and _is_verb(after, words) and text[: found.start()].strip():
            return f"{found[0].strip()} {after[0]}"
    return ""


def _is_verb(after: list[str], words: Words) -> bool:
    if after[0] in words.verb_set:
        return True
    follows = after[1] if len(after) > 1 else ""
    return after[0] in words.ambiguous_set and follows in words.determiner_set


def _second_at_the_end(job: str, words: Words) -> str:
    """A language with its verb at the end: both sides of a conjunction end with one."""
    text, small = in_small_letters(job)
    if words.patterns["pairs"].search(small):
        return ""
    for found in words.patterns["conjunctions"].finditer(small):
        before = _WORD.findall(text[: found.start()])
        after = _WORD.findall(text[found.end() :])
        if before and after and _ends(before, words) and _ends(after, words):
            return f"{found[0].strip()} … {after[-1]}"
    return ""


def _ends(words_before: list[str], words: Words) -> bool:
    last = words_before[-1] if len(words_before) > 1 else words_before[-1].lower()
    return looks_like_last_verb(last, words)


def looks_like_last_verb(word: str, words: Words) -> bool:
    """Whether a word looks like a verb at the end of a statement: ``beibringen``."""
    return bool(re.fullmatch(words.last_verb, word)) and word not in words.not_verbs


def missing_verb(job: str, words: Words) -> bool:
    """Whether the core of a job shows that it has no verb; in doubt it has one."""
    found = _WORD.findall(job)
    if not found:
        return True
    if found[0].lower() in words.verb_set or found[0].lower() in words.ambiguous_set:
        return False
    if words.patterns["not_a_job"].match(job.lower()):
        return True
    if not words.last_verb:
        return False
    return not any(looks_like_last_verb(word, words) for word in [found[0].lower(), *found])


def one_word(job: str) -> bool:
    """Whether a job is one word only, with its circumstances."""
    return len(_WORD.findall(job)) == 1


def job_form(statement: str, words: Words) -> tuple[str, str, str]:
    """Return the verb of a job, what it is about, and the circumstances; "" for what is missing."""
    said = without_lead_in(statement, words)
    inside = core(said, words)
    if words.last_verb:  # the verb ends the first clause; others follow after a comma
        inside = inside.partition(",")[0]
    circumstances = said[len(inside) :].strip(" ,;–—-")
    if missing_verb(inside, words):
        return "", inside, circumstances
    first, _, rest = inside.partition(" ")
    if not words.last_verb or first.lower() in words.verb_set:
        return first, rest.strip(), circumstances
    about, _, last = inside.rpartition(" ")
    return (last, about, circumstances) if about else ("", inside, circumstances)


def outcome_form(statement: str, words: Words) -> tuple[str, str, str]:
    """Return which way an outcome goes, what is measured, and the rest; "" for what is missing."""
    said = without_lead_in(statement, words)
    text, small = in_small_letters(said)
    way = words.patterns["directions"].search(small)
    measure = words.patterns["measures"].search(small)
    rest = text[measure.end() :].strip(" ,;–—-") if measure else text
    return (
        text[way.start() : way.end()] if way else "",
        text[measure.start() : measure.end()] if measure else "",
        rest,
    )
