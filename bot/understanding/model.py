"""Acts, needs and urgencies from training phrases: one ridge classifier each over meaning and spelling.

Ridge in its kernel form trains in seconds and is deterministic. Needs take the square of the likeness of meaning, which
finds five points more on an author never seen than the likeness itself; acts and urgencies lose by it. The cue terms of
the base are added to the scores afterwards: learnt together they took weight from the meaning and lost up to five points.
The temperature is set on authors held out, so that a score of 0.8 is right about eight times in ten.
"""

from __future__ import annotations

import hashlib
import io
import os
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.understanding.acts import ANODINS
from bot.understanding.corpus import Exemple
from bot.understanding.features import N_GRAMMES, ngrams, vectors
from bot.understanding.lexicon import Lexicon
from knowledge.text import fold
from knowledge.vectors import CACHE

Flottants = NDArray[np.float32]
Grammes = Sequence[tuple[int, float]]
POIDS_INDICES = 0.1
REGUL = 1.0
POIDS_URGENCE = 7.0
# Without it a rare act is drowned by « orienter », four phrases in five.
POIDS_ACTE_RARE = 0.7
# Authors asked for words alone or for a few hard cases would otherwise bend the whole.
POIDS_PARTIEL = 0.3
SANS_URGENCE = "aucune"
# What messages that name no need are: without it, « merci » is like some need or other.
SANS_BESOIN = "aucun"
_TETES = ("actes", "besoins", "urgences")
_TABLEAUX = ("moyenne", "appris", "w_vecteur", "w_grammes", "biais", "idf")


class Kernel(NamedTuple):
    """How two phrases are alike: weight of meaning, weight of character n-grams, and whether meaning is squared."""

    sens: float
    grammes: float
    carre: bool


LINEAIRE = Kernel(1.0, 0.5, False)
CARRE = Kernel(2.0, 2.0, True)

# The need that an urgent phrase also speaks of, and the urgency that some needs always are.
BESOIN_DE_URGENCE = {
    "violences": "violences/urgence",
    "enfance": "violences/enfance-danger",
    "rue": "logement/hebergement-urgence",
    "suicide": "sante/mentale",
}
URGENCE_DE_BESOIN = {"violences/urgence": "violences", "violences/enfance-danger": "enfance", "logement/hebergement-urgence": "rue"}


@dataclass
class Head:
    """Calibrated probabilities of classes for one message."""

    classes: list[str]
    moyenne: Flottants  # mean sentence vector, taken away before use
    appris: Flottants  # sentence vectors learnt, for a squared likeness; no row for a linear one
    w_vecteur: Flottants  # one row a dimension of the sentence vector, or one a phrase of ``appris``
    w_grammes: Flottants
    biais: Flottants
    idf: Flottants
    temperature: float

    def proba(self, vecteur: Flottants, grammes: Grammes, indices: Flottants | None = None) -> Flottants:
        """``vecteur`` (512,), ``grammes`` of ``features.ngrams``, ``indices`` one cue weight a class or None."""
        return self.softmax(self.scores(vecteur[None], [grammes]), None if indices is None else indices[None])[0]

    def scores(self, vecteurs: Flottants, grammes: Sequence[Grammes]) -> Flottants:
        """How much each class is in each message, about 0 to 1, whatever the others. Several messages cost hardly more than one."""
        centres = vecteurs - self.moyenne
        centres = centres / np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-12)
        if len(self.appris):
            centres = np.square(centres @ self.appris.T)
        scores = centres @ self.w_vecteur + self.biais
        for i, ceux in enumerate(grammes):
            if ceux:
                cles = np.fromiter((cle for cle, _ in ceux), dtype=np.int64, count=len(ceux))
                valeurs = np.fromiter((v for _, v in ceux), dtype=np.float32, count=len(ceux)) * self.idf[cles]
                scores[i] += (valeurs / (float(np.linalg.norm(valeurs)) or 1.0)) @ self.w_grammes[cles]
        return np.asarray(scores, dtype=np.float32)

    def softmax(self, scores: Flottants, indices: Flottants | None = None) -> Flottants:
        if indices is not None:
            scores = scores + POIDS_INDICES * (indices - indices.mean(1, keepdims=True))
        exposants = np.exp((scores - scores.max(1, keepdims=True)) * self.temperature)
        return np.asarray(exposants / exposants.sum(1, keepdims=True), dtype=np.float32)


@dataclass
class Model:
    actes: Head
    besoins: Head
    urgences: Head
    vocabulaire: frozenset[str]
    empreinte: str = ""  # of the bytes it was read from

    def save(self) -> bytes:
        tableaux: dict[str, NDArray[Any]] = {"vocabulaire": np.array(sorted(self.vocabulaire))}
        for nom in _TETES:
            tete: Head = getattr(self, nom)
            tableaux[f"{nom}_classes"] = np.array(tete.classes)
            tableaux[f"{nom}_temperature"] = np.array(tete.temperature)
            tableaux |= {f"{nom}_{champ}": getattr(tete, champ) for champ in _TABLEAUX}
        tampon = io.BytesIO()
        np.savez(tampon, **tableaux)  # type: ignore[arg-type]
        return tampon.getvalue()

    @classmethod
    def load(cls, donnees: bytes) -> Model:
        with np.load(io.BytesIO(donnees), allow_pickle=False) as t:
            tetes = {
                nom: Head(
                    classes=[str(c) for c in t[f"{nom}_classes"]],
                    temperature=float(t[f"{nom}_temperature"]),
                    **{champ: t[f"{nom}_{champ}"] for champ in _TABLEAUX},
                )
                for nom in _TETES
            }
            return cls(vocabulaire=frozenset(str(m) for m in t["vocabulaire"]), empreinte=hashlib.sha256(donnees).hexdigest(), **tetes)


@dataclass
class Design:
    """The training matrices of a set of phrases; rows follow the phrases."""

    vecteurs: Flottants
    moyenne: Flottants
    grammes: Any  # scipy sparse
    idf: Flottants

    def kernel(self, genre: Kernel) -> Flottants:
        """Single precision: some ten thousand phrases squared is most of the memory that training takes."""
        noyau = self.vecteurs @ self.vecteurs.T
        if genre.carre:
            np.square(noyau, out=noyau)
        noyau *= genre.sens
        for debut in range(0, len(noyau), 1000):
            tranche = slice(debut, debut + 1000)
            noyau[tranche] += genre.grammes * (self.grammes[tranche] @ self.grammes.T).toarray()
        return noyau


def design(textes: list[str], bruts: Flottants) -> Design:
    """Matrices of phrases whose sentence vectors are ``bruts``."""
    from scipy.sparse import csr_matrix, diags

    moyenne = bruts.mean(0)
    centres = bruts - moyenne
    centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
    lignes: list[int] = []
    colonnes: list[int] = []
    valeurs: list[float] = []
    for i, texte in enumerate(textes):
        for cle, valeur in ngrams(texte):
            lignes.append(i)
            colonnes.append(cle)
            valeurs.append(valeur)
    matrice = csr_matrix((valeurs, (lignes, colonnes)), shape=(len(textes), N_GRAMMES), dtype=np.float64)
    presence = np.asarray((matrice > 0).sum(0)).ravel()
    idf = np.log((1 + len(textes)) / (1 + presence)).astype(np.float32)
    matrice = matrice.multiply(idf).tocsr()
    normes = np.sqrt(np.asarray(matrice.multiply(matrice).sum(1)).ravel())
    matrice = diags(1 / np.maximum(normes, 1e-9)) @ matrice
    return Design(centres.astype(np.float32), moyenne.astype(np.float32), matrice.tocsr(), idf)


def fit_head(
    d: Design,
    etiquettes: Sequence[str],
    auteurs: Sequence[str],
    genre: Kernel,
    poids: NDArray[np.float64] | None = None,
    indices: Flottants | None = None,
    noyau: Flottants | None = None,
) -> Head:
    """Train one head on labels, one a phrase of ``d``.

    ``poids``: how much each phrase counts, 1 by default; ``indices``: cue weights of each phrase for the sorted labels;
    ``noyau``: ``d.kernel(genre)`` when it is known already.
    """
    noyau = d.kernel(genre) if noyau is None else noyau
    classes = sorted(set(etiquettes))
    rangs = np.array([classes.index(e) for e in etiquettes])
    cibles = np.eye(len(classes))[rangs]
    biais = cibles.mean(0)
    compte = np.ones(len(cibles)) if poids is None else poids
    alpha = _solve(noyau, cibles - biais, compte)
    hors = held_out_scores(noyau, cibles - biais, auteurs, compte) + biais
    if indices is not None:
        hors = hors + POIDS_INDICES * (indices - indices.mean(1, keepdims=True))
    return Head(
        classes=classes,
        moyenne=d.moyenne,
        appris=d.vecteurs if genre.carre else d.vecteurs[:0],
        w_vecteur=(genre.sens * (alpha if genre.carre else d.vecteurs.T @ alpha)).astype(np.float32),
        w_grammes=(genre.grammes * (d.grammes.T @ alpha)).astype(np.float32),
        biais=biais.astype(np.float32),
        idf=d.idf,
        temperature=_temperature(hors, rangs),
    )


def _solve(noyau: Flottants, cibles: NDArray[np.float64], poids: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.linalg import cho_factor, cho_solve

    # The kernel is well conditioned by REGUL: single precision is enough.
    charge = noyau.copy()
    charge[np.diag_indices_from(charge)] += REGUL / poids
    facteur = cho_factor(charge, overwrite_a=True, check_finite=False)
    return np.asarray(cho_solve(facteur, cibles.astype(np.float32), check_finite=False), dtype=np.float64)


def held_out_scores(noyau: Flottants, cibles: NDArray[np.float64], auteurs: Sequence[str], poids: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each phrase scores when half of the authors, its own among them, is not learnt; with one author, half of the phrases."""
    noms = sorted(set(auteurs))
    groupes = np.array([noms.index(a) % 2 for a in auteurs]) if len(noms) > 1 else np.arange(len(auteurs)) % 2
    scores = np.zeros_like(cibles)
    for groupe in (0, 1):
        appris, tenus = np.flatnonzero(groupes != groupe), np.flatnonzero(groupes == groupe)
        scores[tenus] = noyau[np.ix_(tenus, appris)] @ _solve(noyau[np.ix_(appris, appris)], cibles[appris], poids[appris])
    return scores


def _temperature(scores: NDArray[np.float64], rangs: NDArray[np.int64]) -> float:
    """The scale of the softmax that makes held-out scores most likely."""
    meilleure, perte = 1.0, np.inf
    for t in np.geomspace(2.0, 60.0, 60):
        z = scores * t
        z = z - z.max(1, keepdims=True)
        p = z[np.arange(len(rangs)), rangs] - np.log(np.exp(z).sum(1))
        if -p.mean() < perte:
            meilleure, perte = float(t), float(-p.mean())
    return meilleure


def need_labels(exemples: Sequence[Exemple]) -> list[tuple[Exemple, str]]:
    """Phrases that teach a need: those of a need, and the urgent ones whose urgency is one."""
    couples = [(e, e.besoin) for e in exemples if e.besoin and e.acte == "orienter"]
    couples += [(e, BESOIN_DE_URGENCE[e.urgence]) for e in exemples if e.urgence in BESOIN_DE_URGENCE]
    return [(e, str(b)) for e, b in couples]


def urgency_label(exemple: Exemple) -> str:
    return exemple.urgence or URGENCE_DE_BESOIN.get(exemple.besoin or "", SANS_URGENCE)


def rare_weights(etiquettes: Sequence[str]) -> NDArray[np.float64]:
    """More for the labels that few phrases have."""
    comptes = Counter(etiquettes)
    return np.array([(max(comptes.values()) / comptes[e]) ** POIDS_ACTE_RARE for e in etiquettes])


def fit(exemples: Sequence[Exemple], lexique: Lexicon) -> Model:
    """Train the three heads on every phrase. Deterministic."""
    textes = [e.texte for e in exemples]
    bruts = vectors(textes)
    auteurs = [e.auteur for e in exemples]
    actes = [e.acte for e in exemples]
    urgences = [urgency_label(e) for e in exemples]
    # Missing an urgency costs more than a number too many: urgent phrases count more.
    graves = np.array([POIDS_URGENCE if u != SANS_URGENCE else 1.0 for u in urgences])
    # Half of the plain requests is enough to know a request, and each of those then counts twice: the time to learn goes by the cube.
    gardes = [i for i, e in enumerate(exemples) if e.acte != "orienter" or urgences[i] != SANS_URGENCE or zlib.crc32(e.texte.encode()) % 2]
    doubles = np.array([2.0 if actes[i] == "orienter" and urgences[i] == SANS_URGENCE else 1.0 for i in gardes])
    rang = {id(e): i for i, e in enumerate(exemples)}
    couples = need_labels(exemples) + [(e, SANS_BESOIN) for e in exemples if e.acte in ANODINS]
    lignes = [rang[id(e)] for e, _ in couples]
    besoins = [b for _, b in couples]
    complets = complete_authors(exemples)
    partiels = np.array([1.0 if e.auteur in complets else POIDS_PARTIEL for e, _ in couples])
    indices = np.array([lexique.scores(e.texte, sorted(set(besoins))) for e, _ in couples], dtype=np.float32)
    mots = Counter(mot for texte in textes for mot in fold(texte).split())
    tete_besoins = fit_head(design([textes[i] for i in lignes], bruts[lignes]), besoins, [auteurs[i] for i in lignes], CARRE, partiels, indices)
    # Only now: two kernels at once would double the memory that training takes.
    tous = design([textes[i] for i in gardes], bruts[gardes])
    noyau = tous.kernel(LINEAIRE)
    siens = [auteurs[i] for i in gardes]
    return Model(
        actes=fit_head(tous, [actes[i] for i in gardes], siens, LINEAIRE, rare_weights(actes)[gardes] * doubles, noyau=noyau),
        besoins=tete_besoins,
        urgences=fit_head(tous, [urgences[i] for i in gardes], siens, LINEAIRE, graves[gardes] * doubles, noyau=noyau),
        vocabulaire=frozenset(mot for mot, n in mots.items() if n >= 2 or len(mot) <= 3),
    )


def complete_authors(exemples: Sequence[Exemple]) -> set[str]:
    """Authors who wrote of most needs in most styles; the others were asked for a few hard cases or words alone."""
    couples = need_labels(exemples)
    besoins, styles = len({b for _, b in couples}), len({e.style for e in exemples})
    return {
        auteur
        for auteur in {e.auteur for e in exemples}
        if len({b for e, b in couples if e.auteur == auteur}) > besoins / 2 and len({e.style for e in exemples if e.auteur == auteur}) > styles / 2
    }


def fingerprint(exemples: Sequence[Exemple], termes: Sequence[str]) -> str:
    """Changes when a phrase, a cue term or the code that reads them changes."""
    h = hashlib.sha256()
    for code in ("features.py", "normalise.py", "model.py", "lexicon.py"):
        h.update((Path(__file__).parent / code).read_bytes())
    for ligne in (*map(repr, exemples), *termes):
        h.update(ligne.encode())
    return h.hexdigest()[:24]


def fit_cached(exemples: Sequence[Exemple], lexique: Lexicon, termes: Sequence[str], dossier: Path = CACHE) -> Model:
    """``fit``, or the model already on disk for the same phrases and terms."""
    chemin = dossier / f"comprehension-{fingerprint(exemples, termes)}.npz"
    try:
        return Model.load(chemin.read_bytes())
    except (OSError, ValueError, KeyError):
        pass
    octets = fit(exemples, lexique).save()
    try:
        dossier.mkdir(parents=True, exist_ok=True)
        provisoire = chemin.with_suffix(f".{os.getpid()}")
        provisoire.write_bytes(octets)
        os.replace(provisoire, chemin)
    except OSError:
        pass  # a read-only or full disk costs the training at the next start, nothing else
    return Model.load(octets)
