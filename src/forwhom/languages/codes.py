"""Codes of languages, and from which side each is read."""

#: Languages that are written from right to left.
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"})
_SCRIPTS = frozenset({"arab", "hebr", "thaa"})


def is_right_to_left(code: str) -> bool:
    """Return whether a language, or a variant of one, is written from right to left."""
    first, *rest = code.lower().replace("_", "-").split("-")
    scripts = [part for part in rest if len(part) == 4]
    return scripts[0] in _SCRIPTS if scripts else first in RIGHT_TO_LEFT


def written_code(code: str) -> str:
    """Return a code as it is usually written; of three letters, the one of two if there is one.

    Examples
    --------
    >>> written_code("DE"), written_code("pt_br"), written_code("ara")
    ('de', 'pt-BR', 'ar')
    """
    first, *rest = code.replace("_", "-").split("-")
    language = first.lower() or "en"
    if len(language) == 3:
        from babel.core import get_global

        language = get_global("language_aliases").get(language, language)
    return "-".join([language, *(r.upper() if len(r) == 2 else r for r in rest)])


def code_by_name(said: str) -> str:
    """Return the code of a language that is called by its name; empty where nobody knows it.

    Examples
    --------
    >>> code_by_name("German"), code_by_name(" français"), code_by_name("everybody's")
    ('de', 'fr', '')
    """
    from babel import Locale, localedata

    name = " ".join(said.split()).casefold()
    for code, known in Locale("en").languages.items():
        if known.casefold() == name:
            return str(code)
    for code in localedata.locale_identifiers():
        if "_" not in code and (Locale(code).display_name or "").casefold() == name:
            return code
    return ""
