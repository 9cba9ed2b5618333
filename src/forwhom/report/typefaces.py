"""The fonts that pages are set in: of the typesetter, of this package, of the machine.

The package brings letters that the typesetter has none for; a machine that has a font with more
styles or more letters may use it. What no font has would be an empty box: then a warning says so.
"""

import re
import unicodedata
import warnings
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from forwhom.errors import LettersMissing
from forwhom.wording import listed

#: Families that this package brings, in the order in which they are asked.
BROUGHT = (
    *(
        f"Noto Sans {script}"
        for script in (
            "Arabic", "Hebrew", "Devanagari", "Bengali", "Tamil", "Telugu", "Gujarati",
            "Gurmukhi", "Kannada", "Malayalam", "Oriya", "Sinhala", "Thai", "Lao", "Khmer",
            "Myanmar", "Ethiopic", "Armenian", "Georgian",
        )
    ),
    "Noto Emoji",
)  # fmt: skip
#: Markup before that of every page: emoji are of one family, or joined ones fall apart.
EMOJI_FIRST = (
    '#let emoji = (name: "Noto Emoji", covers: regex("['
    "\u200d\ufe0e\ufe0f\u20e3\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff"
    ']"))\n#let with-emoji(families) = (emoji, ..families)\n'
)
#: What the fonts of the typesetter surely have, so that nobody has to ask.
_EVERYWHERE = frozenset(map(chr, (*range(0x20, 0x250), *range(0x391, 0x3CA), *range(0x410, 0x450))))
_UNSHOWN = re.compile(r'the text `"(.+?)"` could not be displayed')
#: How names of Unicode begin for scripts whose fonts are a package of their own.
_EAST_ASIAN = frozenset(
    {"HANGUL", "CJK", "HIRAGANA", "KATAKANA", "BOPOMOFO", "FULLWIDTH", "HALFWIDTH"}
)


@cache
def fonts() -> Any:
    """Return every font that there is, for the typesetter."""
    import typst

    return typst.Fonts(font_paths=[str(resources.files("forwhom.report") / "fonts")])


def warn_of_boxes(files: Mapping[str, bytes]) -> None:
    """Warn of the letters of a page that no font has, by name, and say what to install."""
    missing = unshown("".join(content.decode(errors="ignore") for content in files.values()))
    if missing:
        warnings.warn(_warning(missing), LettersMissing, stacklevel=2)


def unshown(text: str) -> list[str]:
    """Return the letters of a text that no font has, in the order in which they come."""
    asked = [c for c in dict.fromkeys(text) if c not in _EVERYWHERE and _is_drawn(c)]
    if not asked:
        return []
    import typst

    source = "#set page(width: auto, height: auto)\n#set text(font: {})\n{}".format(
        "({})".format("".join(f'"{family}", ' for family in BROUGHT)),
        "\n\n".join(f'#"\\u{{{ord(c):x}}}"' for c in asked),
    )
    try:
        # A page for archives must not have empty boxes: the typesetter names each.
        typst.compile(source.encode(), format="pdf", font_paths=fonts(), pdf_standards="a-2b")
    except typst.TypstError as error:
        found = set("".join(_UNSHOWN.findall(error.diagnostic)))
        return [c for c in asked if c in found]
    return []


def _is_drawn(character: str) -> bool:
    """Whether somebody would see it: marks stand on a letter, and controls are invisible."""
    return unicodedata.category(character)[0] not in "CMZ"


def _warning(missing: list[str]) -> str:
    scripts: dict[str, list[str]] = {}
    for one in missing:
        scripts.setdefault(_script(one), []).append(one)
    told = [f"{listed(found, most=6)} ({script})" for script, found in scripts.items()]
    packages = sorted({_package(one) for one in missing})
    return (
        f"No font has {listed(told)}: an empty box stands in the place of each. Install a font "
        f"that has them, such as the package {listed(packages)} of Debian and Ubuntu, or draw as "
        "SVG or HTML, which use the fonts of whoever opens them."
    )


def _script(character: str) -> str:
    """Return the script of a letter; of a sign, its own name."""
    name = unicodedata.name(character, "")
    if unicodedata.category(character)[0] != "L":
        return name.lower() or f"U+{ord(character):04X}"
    return "Chinese" if name.startswith("CJK") else name.split(" ")[0].capitalize()


def _package(character: str) -> str:
    name = unicodedata.name(character, "")
    if name.split(" ")[0].split("-")[0] in _EAST_ASIAN:
        return "fonts-noto-cjk"
    if unicodedata.category(character) == "So":
        return "fonts-noto-color-emoji"
    return "fonts-noto-core"
