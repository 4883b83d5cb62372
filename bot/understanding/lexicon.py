"""Cue terms of the base (``indice.csv``): the words of the counter that point to a need, with their strength.

A term is folded words; ``*`` ends a word with any ending, `` .. `` stands for up to four words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.base import Base, Indice
from knowledge.text import fold

_POIDS = {1: 0.4, 2: 1.0, 3: 2.0}


@dataclass(frozen=True)
class Cue:
    """A term found in a message: the need it points to, its weight and the words that matched."""

    besoin: str
    poids: float
    mots: str


class _Terme:
    """A term, compiled when a message first holds its longest word: eight thousand patterns at each start take a third of a second."""

    __slots__ = ("indice", "_signe", "_motif")

    def __init__(self, indice: Indice) -> None:
        self.indice = indice
        self._signe = max((mot.rstrip("*") for mot in indice.terme.split() if mot != ".."), key=len)
        self._motif: re.Pattern[str] | None = None

    def match(self, plat: str, position: int) -> re.Match[str] | None:
        if self._motif is None:
            if self._signe not in plat:
                return None
            self._motif = re.compile(_pattern(self.indice.terme))
        return self._motif.match(plat, position)


class Lexicon:
    """Finds the cue terms of one base in a message; a few thousand terms, indexed by their first word."""

    def __init__(self, base: Base) -> None:
        self._exacts: dict[str, list[_Terme]] = defaultdict(list)
        self._debuts: dict[str, list[_Terme]] = defaultdict(list)
        for indice in base.indices:
            premier = indice.terme.split()[0]
            if premier.endswith("*"):
                self._debuts[premier[:3]].append(_Terme(indice))
            else:
                self._exacts[premier].append(_Terme(indice))

    def find(self, texte: str) -> list[Cue]:
        """Every cue of a message; of two terms for one need where one holds the other, the longer."""
        plat = fold(texte)
        cues: list[Cue] = []
        depart = 0
        for mot in plat.split():
            position = plat.find(mot, depart)
            depart = position + len(mot)
            for terme in (*self._exacts.get(mot, ()), *self._debuts.get(mot[:3], ())):
                m, indice = terme.match(plat, position), terme.indice
                if m:
                    cues.append(Cue(indice.cible, _POIDS[indice.force] * (1.0 if " " not in indice.terme else 1.25), m[0]))
        meilleurs: dict[tuple[str, str], Cue] = {}
        for cue in sorted(cues, key=lambda c: -len(c.mots)):
            if not any(k[0] == cue.besoin and cue.mots in k[1] for k in meilleurs):
                meilleurs[cue.besoin, cue.mots] = cue
        return list(meilleurs.values())

    def scores(self, texte: str, besoins: Sequence[str]) -> NDArray[np.float32]:
        """Weight of the cues for each of ``besoins``, growing slower as cues add up."""
        notes: dict[str, float] = defaultdict(float)
        for cue in self.find(texte):
            notes[cue.besoin] += cue.poids
        return np.log1p(np.array([notes.get(besoin, 0.0) for besoin in besoins], dtype=np.float32))


def _pattern(terme: str) -> str:
    morceaux = []
    for bout in terme.split(" .. "):
        morceaux.append(" ".join(re.escape(mot[:-1]) + r"\w*" if mot.endswith("*") else re.escape(mot) for mot in bout.split()))
    return r"(?: \w+){0,4}? ".join(morceaux) + r"\b"
