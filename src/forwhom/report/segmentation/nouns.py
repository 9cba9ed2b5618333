"""What a segment may be called, in the forms that the sentences of a language need."""

from forwhom.documents.verdict import Noun
from forwhom.languages.catalog import later_in, tr_in

#: The word at the front and inside a sentence, alone and of several; then the forms in which a
#: language has cases and genders, where English has one. A translation takes any of them.
_FORMS: dict[str, dict[Noun, str]] = {
    "Noun": {
        "group": later_in("Noun", "Group"), "band": later_in("Noun", "Band"),
        "cut": later_in("Noun", "Cut"), "segment": later_in("Noun", "Segment"),
    },
    "Nouns": {
        "group": later_in("Nouns", "Groups"), "band": later_in("Nouns", "Bands"),
        "cut": later_in("Nouns", "Cuts"), "segment": later_in("Nouns", "Segments"),
    },
    "noun": {
        "group": later_in("noun", "group"), "band": later_in("noun", "band"),
        "cut": later_in("noun", "cut"), "segment": later_in("noun", "segment"),
    },
    "nouns": {
        "group": later_in("nouns", "groups"), "band": later_in("nouns", "bands"),
        "cut": later_in("nouns", "cuts"), "segment": later_in("nouns", "segments"),
    },
    "a_noun": {
        "group": later_in("a_noun", "group"), "band": later_in("a_noun", "band"),
        "cut": later_in("a_noun", "cut"), "segment": later_in("a_noun", "segment"),
    },
    "of_a_noun": {
        "group": later_in("of_a_noun", "group"), "band": later_in("of_a_noun", "band"),
        "cut": later_in("of_a_noun", "cut"), "segment": later_in("of_a_noun", "segment"),
    },
    "to_a_noun": {
        "group": later_in("to_a_noun", "group"), "band": later_in("to_a_noun", "band"),
        "cut": later_in("to_a_noun", "cut"), "segment": later_in("to_a_noun", "segment"),
    },
    "each_noun": {
        "group": later_in("each_noun", "group"), "band": later_in("each_noun", "band"),
        "cut": later_in("each_noun", "cut"), "segment": later_in("each_noun", "segment"),
    },
    "to_each_noun": {
        "group": later_in("to_each_noun", "group"), "band": later_in("to_each_noun", "band"),
        "cut": later_in("to_each_noun", "cut"), "segment": later_in("to_each_noun", "segment"),
    },
    "no_noun": {
        "group": later_in("no_noun", "group"), "band": later_in("no_noun", "band"),
        "cut": later_in("no_noun", "cut"), "segment": later_in("no_noun", "segment"),
    },
    "this_noun": {
        "group": later_in("this_noun", "group"), "band": later_in("this_noun", "band"),
        "cut": later_in("this_noun", "cut"), "segment": later_in("this_noun", "segment"),
    },
    "same_noun": {
        "group": later_in("same_noun", "group"), "band": later_in("same_noun", "band"),
        "cut": later_in("same_noun", "cut"), "segment": later_in("same_noun", "segment"),
    },
    "right_noun": {
        "group": later_in("right_noun", "group"), "band": later_in("right_noun", "band"),
        "cut": later_in("right_noun", "cut"), "segment": later_in("right_noun", "segment"),
    },
    "to_another_noun": {
        "group": later_in("to_another_noun", "group"),
        "band": later_in("to_another_noun", "band"),
        "cut": later_in("to_another_noun", "cut"),
        "segment": later_in("to_another_noun", "segment"),
    },
    "to_nouns": {
        "group": later_in("to_nouns", "groups"), "band": later_in("to_nouns", "bands"),
        "cut": later_in("to_nouns", "cuts"), "segment": later_in("to_nouns", "segments"),
    },
}  # fmt: skip


def forms_of(noun: Noun) -> dict[str, str]:
    """Return the word for a segment in every form that a message may have a place for.

    Examples
    --------
    >>> forms_of("band")["nouns"], forms_of("band")["Noun"]
    ('bands', 'Band')
    """
    return {form: tr_in(form, words[noun]) for form, words in _FORMS.items()}
