"""A small index of words in memory: beginnings of words, and words typed with an error, in a few milliseconds."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from knowledge.text import fold

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
    """Words of numbered documents, each with a weight. Add, freeze, then score."""

    def __init__(self) -> None:
        self._poids: dict[str, dict[int, float]] = defaultdict(dict)
        self._mots: list[str] = []
        self._coupes: dict[int, list[str]] = {}

    def add(self, document: int, texte: str, poids: float) -> None:
        for mot in fold(texte).split():
            mot = _ABREGES.get(mot, mot)
            lignes = self._poids[mot]
            lignes[document] = max(lignes.get(document, 0.0), poids)

    def freeze(self) -> None:
        self._mots = sorted(self._poids)

    def score(self, mots: Sequence[str]) -> tuple[dict[int, float], bool]:
        """Documents that have every word, with their score; else those that have most of them, and True."""
        exacts = [self._beginning(mot) or self._near(mot) for mot in mots]
        complets = _all_of(exacts)
        if len(complets) >= (_ASSEZ if len(mots) > 2 else 2):
            return complets, False
        larges = [_merged(exact, self._near(mot)) for mot, exact in zip(mots, exacts, strict=True)]
        complets = complets or _all_of(larges)
        if len(complets) >= _ASSEZ or len(mots) < 3:
            return complets, False
        compte: dict[int, int] = defaultdict(int)
        total: dict[int, float] = defaultdict(float)
        for notes in larges:
            for document, note in notes.items():
                compte[document] += 1
                total[document] += note
        meilleur = min(max(compte.values(), default=0), len(mots) - 1)
        if meilleur * 2 <= len(mots):
            return complets, False
        voisins = {document: total[document] / 2 for document, n in compte.items() if n >= meilleur}
        return {**voisins, **complets}, not complets

    def _beginning(self, mot: str) -> dict[int, float]:
        """Documents with a word that begins so; the whole word counts more."""
        notes: dict[int, float] = {}
        for i in range(bisect_left(self._mots, mot), len(self._mots)):
            trouve = self._mots[i]
            if not trouve.startswith(mot):
                break
            facteur = 1.0 if trouve == mot else 0.75
            for document, poids in self._poids[trouve].items():
                notes[document] = max(notes.get(document, 0.0), poids * facteur)
        return notes

    def _near(self, mot: str) -> dict[int, float]:
        """Documents with a word, or a beginning of word, typed with an error or two."""
        if len(mot) < _FUZZY_MIN:
            return {}
        notes: dict[int, float] = {}
        seuil = 74.0 if len(mot) < 6 else 78.0
        coupes = self._coupes.setdefault(len(mot), [m[: len(mot)] for m in self._mots])
        for liste, facteur in ((self._mots, 0.006), (coupes, 0.0045)):
            for _, ressemblance, rang in process.extract(mot, liste, scorer=fuzz.ratio, processor=None, score_cutoff=seuil, limit=8):
                if len(self._mots[rang]) < 3:
                    continue
                for document, poids in self._poids[self._mots[rang]].items():
                    notes[document] = max(notes.get(document, 0.0), poids * facteur * ressemblance)
        return notes


def _merged(a: dict[int, float], b: dict[int, float]) -> dict[int, float]:
    return {document: max(a.get(document, 0.0), b.get(document, 0.0)) for document in {**a, **b}}


def _all_of(notes: Sequence[dict[int, float]]) -> dict[int, float]:
    if not notes:
        return {}
    communs = set(notes[0])
    for autres in notes[1:]:
        communs &= set(autres)
    return {document: sum(note[document] for note in notes) for document in sorted(communs)}
