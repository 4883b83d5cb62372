"""Which situations a session gets: spread over themes and kinds of exercise, easier first. Same seed, same draw."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from knowledge.base import Base, Situation
from knowledge.schema import NIVEAUX, THEMES

MAX_SITUATIONS = 30
# Doors are the heart of the work: as many of them as of three other kinds.
_PARTS = {"porte": 3}


def eligible(base: Base, themes: Iterable[str] = (), niveau: str = "", connues: Iterable[str] | None = None) -> list[Situation]:
    """Situations of these themes (all when none) and of this level (all when empty), among ``connues`` when given."""
    voulus = set(themes) or set(THEMES)
    gardees = None if connues is None else set(connues)
    return [s for s in base.situations.values() if s.theme in voulus and (not niveau or s.niveau == niveau) and (gardees is None or s.id in gardees)]


def draw(situations: Sequence[Situation], nombre: int, graine: str) -> list[str]:
    """Ids of at most ``nombre`` situations: one of each theme in turn, then in the order of the levels."""
    hasard = random.Random(graine)
    par_theme: dict[str, list[Situation]] = {}
    for situation in situations:
        par_theme.setdefault(situation.theme, []).append(situation)
    for liste in par_theme.values():
        hasard.shuffle(liste)
    themes = list(par_theme)
    hasard.shuffle(themes)
    choisies: list[Situation] = []
    vus: dict[str, int] = {}
    while len(choisies) < min(nombre, len(situations)):
        for theme in themes:
            if par_theme[theme] and len(choisies) < nombre:
                situation = min(par_theme[theme], key=lambda s: (vus.get(s.exercice, 0) + 1) / _PARTS.get(s.exercice, 1))
                par_theme[theme].remove(situation)
                vus[situation.exercice] = vus.get(situation.exercice, 0) + 1
                choisies.append(situation)
    choisies.sort(key=lambda s: NIVEAUX.index(s.niveau))
    return [s.id for s in choisies]
