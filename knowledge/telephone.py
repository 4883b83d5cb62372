"""French telephone numbers: one way to write them, and to find them in what a page says."""

from __future__ import annotations

import re

# Ten digits by pairs (or 0 800 11 10 35), a number of two to four digits, or a European 116 006.
TELEPHONE = re.compile(r"0[1-9]( \d\d){4}|0 8\d\d( \d\d){3}|1\d{1,3}|3\d{3}|116 \d{3}")


_PREFIXE = r"(?:\+|00)\s*33[\s.]*(?:\(0\))?[\s.]*"


def by_pairs(texte: str) -> str | None:
    """The number as the base writes it, or None when it is not a French number."""
    nus = re.sub(r"\D", "", re.sub(rf"^\s*{_PREFIXE}", "0", texte))
    if not re.fullmatch(r"[\d\s.()+/-]+", texte.strip()):
        return None
    if re.fullmatch(r"0[1-9]\d{8}", nus):
        return " ".join(nus[i : i + 2] for i in range(0, 10, 2))
    court = f"{nus[:3]} {nus[3:]}" if re.fullmatch(r"116\d{3}", nus) else nus
    return court if TELEPHONE.fullmatch(court) else None


def states(citation: str, telephone: str) -> bool:
    """Whether the words of a page hold this number, however they write it."""
    motif = r"[\s.()/-]*".join(re.sub(r"\D", "", telephone))
    formes = (citation, re.sub(_PREFIXE, "0", citation))  # as written too: 00 33 may stand inside a number
    return any(re.search(rf"(?<!\d){motif}(?!\d)", forme) for forme in formes)
