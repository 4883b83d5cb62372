"""A small index of words in memory: beginnings of words, and words typed with an error, in a few milliseconds."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from knowledge.text import fold

Notes = NDArray[np.float64]
_VIDES = set(
    "a au aux avec ce ces cherche cherchent d dans de des du elle en est et il ils j je l la le les leur m ma me mes mon n ne on ou par pas pour qu que qui"
    " sa se ses son sur svp un une vers veut veux voudrais y bonjour besoin faire".split()
)
_ABREGES = {"st": "saint", "ste": "sainte", "asso": "association", "tel": "telephone"}
_MOTS_MAX = 8
_ASSEZ = 4  # rows that have every word; with fewer, and three words typed, rows that have all but one come after
_FUZZY_MIN = 4  # letters; shorter words must be typed right


def query_words(texte: str) -> list[str]:
    """The words that count in what was typed; an empty word is kept only when alone."""
    mots = [_ABREGES.get(mot, mot) for mot in fold(texte[:120]).split()]
    pleins = [mot for mot in mots if mot not in _VIDES]
    return list(dict.fromkeys(pleins or mots))[:_MOTS_MAX]


class WordIndex:
    """Words of numbered documents, each with a weight. Add the words of a document, then of the next; freeze; score.

    A word's documents and weights are arrays, and a word's notes one number a document: a common word of a large base costs no more
    than a rare one of a small base.
    """

    def __init__(self) -> None:
        self._poids: dict[str, tuple[array[int], array[float]]] = {}
        self._mots: list[str] = []
        self._coupes: dict[int, list[str]] = {}
        self._nombre = 0

    def add(self, document: int, texte: str, poids: float) -> None:
        for mot in fold(texte).split():
            documents, notes = self._poids.setdefault(_ABREGES.get(mot, mot), (array("i"), array("d")))
            if documents and documents[-1] == document:
                notes[-1] = max(notes[-1], poids)
            else:
                documents.append(document)
                notes.append(poids)
        self._nombre = max(self._nombre, document + 1)

    def freeze(self) -> None:
        self._mots = sorted(self._poids)

    def notes(self, mots: Sequence[str]) -> tuple[Notes, bool]:
        """The score of each document, 0 when it is not found; True when none has every word and these have most."""
        exacts = [self._exact(mot) for mot in mots]
        complets = _all_of(exacts)
        combien = np.count_nonzero(complets)
        if combien >= (_ASSEZ if len(mots) > 2 else 2):
            return complets, False
        larges = [np.maximum(exact, self._near(mot)) for mot, exact in zip(mots, exacts, strict=True)]
        if not combien:
            complets = _all_of(larges)
            combien = np.count_nonzero(complets)
        if combien >= _ASSEZ or len(mots) < 3:
            return complets, False
        compte = np.sum([large > 0 for large in larges], axis=0)
        meilleur = min(int(compte.max(initial=0)), len(mots) - 1)
        if meilleur * 2 <= len(mots):
            return complets, False
        voisins = np.where(compte >= meilleur, _sum(larges) / 2, 0.0)
        return np.where(complets > 0, complets, voisins), not combien

    def _exact(self, mot: str) -> Notes:
        debut = self._beginning(mot)
        return debut if debut.any() else self._near(mot)

    def _beginning(self, mot: str) -> Notes:
        """Documents with a word that begins so; the whole word counts more."""
        notes = np.zeros(self._nombre)
        for i in range(bisect_left(self._mots, mot), len(self._mots)):
            trouve = self._mots[i]
            if not trouve.startswith(mot):
                break
            self._raise(notes, trouve, 1.0 if trouve == mot else 0.75)
        return notes

    def _near(self, mot: str) -> Notes:
        """Documents with a word, or a beginning of word, typed with an error or two."""
        notes = np.zeros(self._nombre)
        if len(mot) < _FUZZY_MIN:
            return notes
        seuil = 74.0 if len(mot) < 6 else 78.0
        coupes = self._coupes.setdefault(len(mot), [m[: len(mot)] for m in self._mots])
        for liste, facteur in ((self._mots, 0.006), (coupes, 0.0045)):
            for _, ressemblance, rang in process.extract(mot, liste, scorer=fuzz.ratio, processor=None, score_cutoff=seuil, limit=8):
                if len(self._mots[rang]) >= 3:
                    self._raise(notes, self._mots[rang], facteur, ressemblance)
        return notes

    def _raise(self, notes: Notes, mot: str, *facteurs: float) -> None:
        """Give the documents of a word its weight, where that is more than they have."""
        documents, poids = self._poids[mot]
        ou, valeurs = np.frombuffer(documents, dtype=np.intc), np.frombuffer(poids)
        for facteur in facteurs:
            valeurs = valeurs * facteur
        notes[ou] = np.maximum(notes[ou], valeurs)


def _all_of(notes: Sequence[Notes]) -> Notes:
    """The sum of notes where none is missing."""
    return np.where(np.all([note > 0 for note in notes], axis=0), _sum(notes), 0.0)


def _sum(notes: Sequence[Notes]) -> Notes:
    total = np.zeros_like(notes[0])
    for note in notes:
        total += note
    return total
