"""Text made comparable: the one normalisation that the base, the search and the understanding share."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "ʼ": "'", "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"})
_MOT = re.compile(r"[a-z0-9]+")


@lru_cache(maxsize=20_000)
def fold(texte: str) -> str:
    """Lower case, no accents, words of letters and digits separated by one space."""
    texte = texte.translate(_APOSTROPHES).lower()
    texte = "".join(c for c in unicodedata.normalize("NFKD", texte) if not unicodedata.combining(c))
    return " ".join(_MOT.findall(texte))


def shown(citation: str) -> str:
    """A citation as it is read: the document's tables and exponents (« 1^{er} ») without their marks."""
    return " ".join(re.sub(r"\^\{?(\w+)\}?", r"\1", citation).split())


def contains(texte: str, groupe: str) -> bool:
    """True when the folded words of ``groupe`` stand together in ``texte``."""
    return f" {fold(groupe)} " in f" {fold(texte)} "


def plural(n: int, un: str, plusieurs: str | None = None) -> str:
    """« 1 commune », « 12 communes »."""
    return f"{n} {un if n < 2 else plusieurs or un + 's'}"


def joined(mots: list[str], dernier: str = "et") -> str:
    """« a, b et c »."""
    if len(mots) < 2:
        return "".join(mots)
    return f"{', '.join(mots[:-1])} {dernier} {mots[-1]}"
