"""Phrases held out by author or by style: what each way of reading them finds without having learnt from them.

Three ways for needs: (a) the nearest examples by meaning, (b) the linear classifier over meaning and character n-grams,
(c) the same with the cue terms of the base added. (d) is the whole reading of a message: (c) with its clauses, names, facts.
For acts: (a) and (b) alike, there are no cue terms, and (d) is the classifier corrected by the sure signs of a question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from bot.understanding import model
from bot.understanding.corpus import Exemple
from bot.understanding.features import neutral, ngrams
from bot.understanding.lexicon import Lexicon
from bot.understanding.model import Model, complete_authors, need_labels, urgency_label
from bot.understanding.understand import Understander
from knowledge.base import Base
from knowledge.build import ROOT
from knowledge.text import fold
from knowledge.vectors import Vecteurs, cached_encode

DOSSIER = ROOT / "var" / "bench"
VOISINS = 3


@dataclass(frozen=True)
class Split:
    """Phrases learnt and phrases held out."""

    nom: str
    appris: list[Exemple]
    tenus: list[Exemple]


@dataclass
class Reading:
    """What each way found for some labels: classes best first, one row a phrase; ``sur`` is the first score of (c)."""

    vrais: list[str]
    rangs: dict[str, list[list[str]]]
    sur: list[float]
    exemples: list[Exemple]


@dataclass
class Alarm:
    """Urgency of a held-out phrase: its label and what was read, the sure kinds and the doubtful ones."""

    attendu: str
    surs: tuple[str, ...]
    doutes: tuple[str, ...]


@dataclass
class Measured:
    """Everything read of one split."""

    split: Split
    besoins: Reading
    actes: Reading
    urgences: list[Alarm]


def by_author(exemples: Sequence[Exemple]) -> list[Split]:
    """One split an author; see ``complete_authors``."""
    return [_split(f"auteur {a}", exemples, [e.auteur == a for e in exemples]) for a in sorted({e.auteur for e in exemples})]


def by_style(exemples: Sequence[Exemple]) -> list[Split]:
    """One split a style: no author teaches it, complete authors are read."""
    complets = complete_authors(exemples)
    parts = [_split(f"style {s}", exemples, [e.style == s for e in exemples]) for s in sorted({e.style for e in exemples})]
    return [Split(p.nom, p.appris, [e for e in p.tenus if e.auteur in complets]) for p in parts]


def _split(nom: str, exemples: Sequence[Exemple], tenu: Sequence[bool]) -> Split:
    """A phrase that two authors wrote alike is not held out: it was learnt."""
    appris = [e for e, t in zip(exemples, tenu, strict=True) if not t]
    connus = {fold(e.texte) for e in appris}
    return Split(nom, appris, [e for e, t in zip(exemples, tenu, strict=True) if t and fold(e.texte) not in connus])


class Memory:
    """Sentence vectors of phrases, computed once and kept under var/bench."""

    def __init__(self, exemples: Sequence[Exemple], dossier: Path = DOSSIER) -> None:
        textes = sorted({e.texte for e in exemples})
        brut = cached_encode([neutral(texte) for texte in textes], "use", dossier)
        self._rang = {texte: i for i, texte in enumerate(textes)}
        self._vecteurs = brut

    def vectors(self, textes: Sequence[str]) -> Vecteurs:
        return self._vecteurs[[self._rang[texte] for texte in textes]]

    @contextmanager
    def serving(self) -> Iterator[None]:
        """While open, ``model.fit`` takes its vectors here: what is measured is the very function that is used."""
        with mock.patch.object(model, "vectors", self.vectors):
            yield


def fit(split: Split, lexique: Lexicon, memoire: Memory) -> Model:
    with memoire.serving():
        return model.fit(split.appris, lexique)


def nearest(memoire: Memory, appris: Sequence[tuple[str, str]], tenus: Sequence[str]) -> list[list[str]]:
    """Labels by mean likeness of their ``VOISINS`` nearest examples, best first, for each text of ``tenus``."""
    classes = sorted({etiquette for _, etiquette in appris})
    ressemblances = memoire.vectors(tenus) @ memoire.vectors([texte for texte, _ in appris]).T
    notes = np.zeros((len(tenus), len(classes)), dtype=np.float32)
    for i, classe in enumerate(classes):
        siens = ressemblances[:, [j for j, (_, e) in enumerate(appris) if e == classe]]
        notes[:, i] = np.sort(siens, axis=1)[:, -VOISINS:].mean(1)
    return _ranked(notes, classes)


def needs(split: Split, modele: Model, lexique: Lexicon, memoire: Memory, voies: str = "abc") -> Reading:
    """(a), (b) and (c), or those of ``voies``, on the needs of held-out phrases."""
    couples = need_labels(split.tenus)
    textes = [e.texte for e, _ in couples]
    classes = modele.besoins.classes
    vecteurs = memoire.vectors(textes)
    avec = [modele.besoins.proba(v, ngrams(texte), lexique.scores(texte, classes)) for texte, v in zip(textes, vecteurs, strict=True)]
    rangs = {"c": _ranked(np.array(avec), classes)}
    if "a" in voies:
        rangs["a"] = nearest(memoire, [(e.texte, b) for e, b in need_labels(split.appris)], textes)
    if "b" in voies:
        rangs["b"] = _ranked(np.array([modele.besoins.proba(v, ngrams(texte)) for texte, v in zip(textes, vecteurs, strict=True)]), classes)
    return Reading([b for _, b in couples], rangs, [float(p.max()) for p in avec], [e for e, _ in couples])


def acts(split: Split, modele: Model, memoire: Memory) -> Reading:
    """(a) and (b) on the acts of held-out phrases. « urgence » is an « orienter »: urgency has its own measure."""
    textes = [e.texte for e in split.tenus]
    notes = np.array([modele.actes.proba(v, ngrams(t)) for t, v in zip(textes, memoire.vectors(textes), strict=True)])
    rangs = {
        "a": _merged(nearest(memoire, [(e.texte, e.acte) for e in split.appris], textes)),
        "b": _merged(_ranked(notes, modele.actes.classes)),
    }
    return Reading([act_label(e) for e in split.tenus], rangs, [float(n.max()) for n in notes], list(split.tenus))


def measure(split: Split, base: Base, lexique: Lexicon, memoire: Memory, entier: bool = True) -> Measured:
    """Train on what is learnt, read what is held out; with ``entier``, read it as the assistant does too."""
    modele = fit(split, lexique, memoire)
    mesure = Measured(split, needs(split, modele, lexique, memoire), acts(split, modele, memoire), [])
    if entier:
        lecteur = Understander(base, modele, lexique)
        lus = {e: lecteur.understand(e.texte) for e in split.tenus}
        mesure.besoins.rangs["d"] = [[b.id for b in lus[e].besoins] for e in mesure.besoins.exemples]
        mesure.actes.rangs["d"] = [["orienter" if lus[e].urgences else lus[e].acte] for e in mesure.actes.exemples]
        mesure.urgences = [Alarm(urgency_label(e), lus[e].urgences, lus[e].doutes) for e in split.tenus]
    return mesure


def act_label(exemple: Exemple) -> str:
    return "orienter" if exemple.acte == "urgence" else exemple.acte


def _merged(rangs: list[list[str]]) -> list[list[str]]:
    return [list(dict.fromkeys("orienter" if acte == "urgence" else acte for acte in rang)) for rang in rangs]


def _ranked(notes: NDArray[np.float32], classes: Sequence[str]) -> list[list[str]]:
    return [[classes[i] for i in rang] for rang in np.argsort(-notes, axis=1, kind="stable")[:, :5]]


# ---- figures


def top(reading: Reading, voie: str, k: int, garder: Sequence[bool] | None = None) -> float:
    """Share of phrases whose true label is among the first ``k``."""
    bons = [vrai in rang[:k] for vrai, rang in zip(reading.vrais, reading.rangs[voie], strict=True)]
    retenus = bons if garder is None else [b for b, g in zip(bons, garder, strict=True) if g]
    return sum(retenus) / len(retenus) if retenus else float("nan")


def macro_f1(reading: Reading, voie: str) -> float:
    """Mean over labels of the harmonic mean of precision and recall."""
    lus = [rang[0] if rang else "" for rang in reading.rangs[voie]]
    notes = []
    for classe in sorted(set(reading.vrais)):
        justes = sum(v == classe and lu == classe for v, lu in zip(reading.vrais, lus, strict=True))
        notes.append(2 * justes / (reading.vrais.count(classe) + lus.count(classe)))
    return sum(notes) / len(notes)


def calibration(readings: Sequence[Reading], bornes: Sequence[float] = (0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)) -> list[tuple[str, int, float, float]]:
    """For each bucket of the first score of (c): how many phrases, mean score, share right."""
    couples = [(note, bool(rang) and rang[0] == vrai) for r in readings for note, rang, vrai in zip(r.sur, r.rangs["c"], r.vrais, strict=True)]
    lignes = []
    for bas, haut in zip(bornes, bornes[1:], strict=False):
        dedans = [(note, bon) for note, bon in couples if bas <= note < haut]
        if dedans:
            moyenne = sum(note for note, _ in dedans) / len(dedans)
            lignes.append((f"{bas:.1f} à {min(haut, 1.0):.1f}".replace(".", ","), len(dedans), moyenne, sum(bon for _, bon in dedans) / len(dedans)))
    return lignes


def confusions(readings: Sequence[Reading], voie: str) -> list[tuple[str, str, int, Exemple]]:
    """True label, label read, how often, one phrase; the most frequent first."""
    comptes: dict[tuple[str, str], list[Exemple]] = {}
    for r in readings:
        for vrai, rang, exemple in zip(r.vrais, r.rangs[voie], r.exemples, strict=True):
            lu = rang[0] if rang else "aucun"
            if lu != vrai:
                comptes.setdefault((vrai, lu), []).append(exemple)
    lignes = [(vrai, lu, len(liste), min(liste, key=lambda e: (abs(len(e.texte) - 60), e.texte))) for (vrai, lu), liste in comptes.items()]
    return sorted(lignes, key=lambda ligne: (-ligne[2], ligne[0], ligne[1]))
