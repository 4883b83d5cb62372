"""Mend slips of the finger: a word that French does not know becomes the nearest word people say at a counter.

Known words come from pyspellchecker's French list, the phrases of training and the base; only words of the phrases
of training and of the base are proposed, so that a mended word is one the model has read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

from knowledge.text import fold

_MOT = re.compile(r"[^\W\d_]{4,}")
_LONG = 7  # letters from which two slips are forgiven


@lru_cache(maxsize=1)
def _french() -> dict[str, int]:
    """Folded French word → how often it is written."""
    compte: dict[str, int] = {}
    for mot, n in SpellChecker(language="fr").word_frequency.dictionary.items():
        plat = mot if mot.isascii() and mot.isalpha() else fold(mot)  # the list is in lower case; half of its words need no folding
        compte[plat] = compte.get(plat, 0) + n
    return compte


def is_french(mot: str) -> bool:
    """Whether the French list holds a folded word."""
    return mot in _french()


class Spelling:
    """Corrects messages. All words are folded.

    ``paroles``: words of the phrases of training; ``noms``: words of the base; ``communes``: words of the names of towns
    of the territory, nearer than any other and left to the gazetteer; ``ailleurs``: words left as they are and never proposed (towns outside).
    """

    def __init__(self, paroles: Iterable[str], noms: Iterable[str], communes: Iterable[str], ailleurs: Iterable[str]) -> None:
        francais = _french()
        self._communes = frozenset(communes)
        sures = {mot for mot in paroles if mot in francais} | set(noms) | self._communes
        self._proposables = sorted(mot for mot in sures if len(mot) >= 4 and mot.isalpha())
        self._connus = sures | frozenset(paroles) | frozenset(ailleurs)

    def correct(self, texte: str) -> str:
        return _MOT.sub(lambda m: self._mend(m[0], m.start() == 0), texte)

    def _mend(self, mot: str, premier: bool) -> str:
        plat = fold(mot)
        if not plat or " " in plat or self._is_known(plat):
            return mot
        limite = 2 if len(plat) >= _LONG else 1
        proches = [(autre, d) for autre, d, _ in process.extract(plat, self._proposables, scorer=OSA.distance, score_cutoff=limite, limit=20)]
        # Two slips are forgiven only where the word starts as it should; a capital inside a message opens a name.
        nom_propre = mot[0].isupper() and not mot.isupper() and not premier
        proches = [(autre, d) for autre, d in proches if (d == 1 or autre[:2] == plat[:2]) and (autre in self._communes or not nom_propre)]
        francais = _french()
        choix = min(
            proches,
            key=lambda p: (p[1], p[0] not in self._communes, not p[0].startswith(plat), p[0][0] != plat[0], -francais.get(p[0], 0), p[0]),
            default=(mot, 0),
        )
        # A town is recognised, and said not to be sure, by the gazetteer.
        return mot if choix[0] in self._communes else choix[0]

    def _is_known(self, plat: str) -> bool:
        """Known, or known once an article stuck to it or « re » before it is taken off."""
        francais = _french()
        formes = [plat] + ([plat[1:]] if plat[0] in "cdjlmnst" else []) + ([plat[2:]] if plat.startswith(("re", "qu")) else [])
        return any(forme in self._connus or forme in francais for forme in formes if len(forme) >= 3)
