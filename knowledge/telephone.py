"""French telephone numbers: one way to write them, and to find them in what a page says."""

from __future__ import annotations

import re

# Ten digits by pairs (or 0 800 11 10 35), a number of two to four digits, or a European 116 006.
TELEPHONE = re.compile(r"0[1-9]( \d\d){4}|0 8\d\d( \d\d){3}|1\d{1,3}|3\d{3}|116 \d{3}")


def _national(texte: str) -> str:
    """The same text, with the French prefix (+33, 0033) as 0."""
    return re.sub(r"(?:\+|\b00)\s*33[\s.]*(?:\(0\))?[\s.]*", "0", texte)


def by_pairs(texte: str) -> str | None:
    """The number as the base writes it, or None when it is not a French number."""
    nus = re.sub(r"\D", "", _national(texte))
    if not re.fullmatch(r"[\d\s.()+/-]+", texte.strip()):
        return None
    if re.fullmatch(r"0[1-9]\d{8}", nus):
        return " ".join(nus[i : i + 2] for i in range(0, 10, 2))
    court = f"{nus[:3]} {nus[3:]}" if re.fullmatch(r"116\d{3}", nus) else nus
    return court if TELEPHONE.fullmatch(court) else None


def states(citation: str, telephone: str) -> bool:
    """Whether the words of a page hold this number, however they write it."""
    motif = r"[\s.()/-]*".join(re.sub(r"\D", "", telephone))
    return re.search(rf"(?<!\d){motif}(?!\d)", _national(citation)) is not None
