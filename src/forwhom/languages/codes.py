"""Codes of languages, and from which side each is read."""

import re

#: Languages that are written from right to left.
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"})
_CODE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_SCRIPTS = frozenset({"arab", "hebr", "thaa"})


def language_code(text: str) -> str:
    """Return a language by its code: ``'de'`` for ``'German'``, ``'Deutsch'`` and ``'DE'``.

    What is no language stays as it is: nothing is known of it, and nothing that needs it runs.

    Examples
    --------
    >>> language_code("German"), language_code("français"), language_code("pt_BR")
    ('de', 'fr', 'pt-BR')
    """
    said = " ".join(text.split())
    if not said:
        return "en"
    if _CODE.fullmatch(said):
        return _written(said)
    return _by_name(said.casefold()) or text


def is_right_to_left(code: str) -> bool:
    """Return whether a language, or a variant of one, is written from right to left."""
    first, *rest = code.lower().replace("_", "-").split("-")
    scripts = [part for part in rest if len(part) == 4]
    return scripts[0] in _SCRIPTS if scripts else first in RIGHT_TO_LEFT


def _written(code: str) -> str:
    """Return a code as it is usually written; of three letters, the one of two if there is one."""
    first, *rest = code.replace("_", "-").split("-")
    language = first.lower()
    if len(language) == 3:
        from babel.core import get_global

        language = get_global("language_aliases").get(language, language)
    return "-".join([language, *(r.upper() if len(r) == 2 else r for r in rest)])


def _by_name(name: str) -> str | None:
    from babel import Locale, localedata

    for code, known in Locale("en").languages.items():
        if known.casefold() == name:
            return str(code)
    for code in localedata.locale_identifiers():
        if "_" not in code and (Locale(code).display_name or "").casefold() == name:
            return code
    return None
