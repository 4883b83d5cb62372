"""How much a contact may be trusted, in one label: who says it, and since when it is true."""

from __future__ import annotations

INCONNU = "non connu : voir le relais"
_MOIS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")


def month(date: str) -> str:
    """« 2026-11-24 » gives « novembre 2026 », « 2026 » stays."""
    annee, _, suite = date.partition("-")
    return f"{_MOIS[int(suite[:2]) - 1]} {annee}" if suite else annee


def dated(date: str, lue: str | None) -> str:
    """Month of a page; one without date carries that of its reading, which is then said."""
    return f"non datée, lue en {month(lue)}" if lue and date == lue else month(date)


def label(officielle: int, date: str, lue: str | None) -> str:
    return f"source officielle, {dated(date, lue)}" if officielle else f"source publique, {dated(date, lue)}, à confirmer"
