"""Needs called by their own names: what the page sends back when a chip is removed is read as it was shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from knowledge.request import BesoinVu

NOMME = 0.99


def parts(texte: str) -> list[str]:
    """What stands between commas."""
    return [morceau.strip() for morceau in texte.split(",") if morceau.strip()]


def named_needs(texte: str, noms: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Ids of the needs whose name, as written in the base, is a part of the message; and the other parts."""
    morceaux = parts(texte)
    nommes = list(dict.fromkeys(noms[m] for m in morceaux if m in noms))
    return nommes, [m for m in morceaux if m not in noms]


def with_named(besoins: Sequence[BesoinVu], nommes: Sequence[str], reste: Sequence[str], plain: Callable[[str], bool]) -> tuple[BesoinVu, ...]:
    """The named needs first, in their order; alone when the other parts only say who the person is and where."""
    dits = tuple(BesoinVu(b, round(NOMME - rang / 1000, 3)) for rang, b in enumerate(nommes))
    if all(plain(morceau) for morceau in reste):
        return dits
    return (*dits, *(b for b in besoins if b.id not in nommes))[:4]
