"""Acts, needs and urgencies from training phrases: one ridge classifier each over meaning and spelling.

Ridge in its kernel form trains in seconds and is deterministic. The cue terms of the base are added to its scores
afterwards: learnt together they took weight from the meaning and lost up to five points on an author never seen.
The temperature is set on authors held out, so that a score of 0.8 is right about eight times in ten.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.understanding.corpus import Exemple
from bot.understanding.features import N_GRAMMES, ngrams, vectors
from bot.understanding.lexicon import Lexicon
from knowledge.text import fold
from knowledge.vectors import CACHE

Flottants = NDArray[np.float32]
POIDS_GRAMMES = 0.5
POIDS_INDICES = 0.1
REGUL = 1.0
POIDS_URGENCE = 4.0
SANS_URGENCE = "aucune"
_TETES = ("actes", "besoins", "urgences")
_TABLEAUX = ("moyenne", "w_vecteur", "w_grammes", "biais", "idf")

# The need that an urgent phrase also speaks of, and the urgency that some needs always are.
BESOIN_DE_URGENCE = {
    "violences": "violences/urgence",
    "enfance": "violences/enfance-danger",
    "rue": "logement/hebergement-urgence",
    "suicide": "sante/mentale",
}
URGENCE_DE_BESOIN = {"violences/urgence": "violences", "violences/enfance-danger": "enfance", "logement/hebergement-urgence": "rue"}


@dataclass
class Linear:
    """Calibrated probabilities of classes for one message."""

    classes: list[str]
    moyenne: Flottants  # mean sentence vector, taken away before use
    w_vecteur: Flottants
    w_grammes: Flottants
    biais: Flottants
    idf: Flottants
    temperature: float

    def proba(self, vecteur: Flottants, grammes: Sequence[tuple[int, float]], indices: Flottants | None = None) -> Flottants:
        """``vecteur`` (512,), ``grammes`` of ``features.ngrams``, ``indices`` one cue weight a class or None."""
        centre = vecteur - self.moyenne
        scores = centre / (float(np.linalg.norm(centre)) or 1.0) @ self.w_vecteur + self.biais
        if grammes:
            cles = np.fromiter((i for i, _ in grammes), dtype=np.int64, count=len(grammes))
            valeurs = np.fromiter((v for _, v in grammes), dtype=np.float32, count=len(grammes)) * self.idf[cles]
            scores = scores + (valeurs / (float(np.linalg.norm(valeurs)) or 1.0)) @ self.w_grammes[cles]
        if indices is not None:
            scores = scores + POIDS_INDICES * (indices - indices.mean())
        exposants = np.exp((scores - scores.max()) * self.temperature)
        return np.asarray(exposants / exposants.sum(), dtype=np.float32)


@dataclass
class Model:
    actes: Linear
    besoins: Linear
    urgences: Linear
    vocabulaire: frozenset[str]

    def save(self) -> bytes:
        tableaux: dict[str, NDArray[Any]] = {"vocabulaire": np.array(sorted(self.vocabulaire))}
        for nom in _TETES:
            tete: Linear = getattr(self, nom)
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
                nom: Linear(
                    classes=[str(c) for c in t[f"{nom}_classes"]],
                    temperature=float(t[f"{nom}_temperature"]),
                    **{champ: t[f"{nom}_{champ}"] for champ in _TABLEAUX},
                )
                for nom in _TETES
            }
            return cls(vocabulaire=frozenset(str(m) for m in t["vocabulaire"]), **tetes)


@dataclass
class Design:
    """The training matrices of a set of phrases; rows follow the phrases."""

    vecteurs: Flottants
    moyenne: Flottants
    grammes: Any  # scipy sparse
    idf: Flottants

    def kernel(self) -> NDArray[np.float64]:
        noyau = (self.vecteurs @ self.vecteurs.T).astype(np.float64)
        noyau += POIDS_GRAMMES * (self.grammes @ self.grammes.T).toarray()
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


def fit_heads(
    d: Design, tetes: Sequence[tuple[Sequence[str], Flottants | None]], auteurs: Sequence[str], poids: NDArray[np.float64] | None = None
) -> list[Linear]:
    """Train several heads over the same phrases, so that the costly part is done once.

    Each head is its labels (one a phrase) and the cue weights of each phrase for its sorted labels, or None.
    ``poids``: how much each phrase counts, 1 by default.
    """
    noyau = d.kernel()
    noms = [sorted(set(etiquettes)) for etiquettes, _ in tetes]
    rangs = [np.array([classes.index(e) for e in etiquettes]) for classes, (etiquettes, _) in zip(noms, tetes, strict=True)]
    cibles = np.hstack([np.eye(len(classes))[r] for classes, r in zip(noms, rangs, strict=True)])
    biais = cibles.mean(0)
    compte = np.ones(len(cibles)) if poids is None else poids
    alpha = _solve(noyau, cibles - biais, compte)
    hors = held_out_scores(noyau, cibles - biais, auteurs, compte) + biais
    heads, debut = [], 0
    for classes, r, (_, indices) in zip(noms, rangs, tetes, strict=True):
        bloc = slice(debut, debut + len(classes))
        debut += len(classes)
        scores = hors[:, bloc]
        if indices is not None:
            scores = scores + POIDS_INDICES * (indices - indices.mean(1, keepdims=True))
        heads.append(
            Linear(
                classes=classes,
                moyenne=d.moyenne,
                w_vecteur=(d.vecteurs.T @ alpha[:, bloc]).astype(np.float32),
                w_grammes=(POIDS_GRAMMES * (d.grammes.T @ alpha[:, bloc])).astype(np.float32),
                biais=biais[bloc].astype(np.float32),
                idf=d.idf,
                temperature=_temperature(scores, r),
            )
        )
    return heads


def _solve(noyau: NDArray[np.float64], cibles: NDArray[np.float64], poids: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.linalg import cho_factor, cho_solve

    # Single precision: the kernel is well conditioned by REGUL and this halves the longest step of the training.
    simple = np.asarray(noyau + np.diag(REGUL / poids), dtype=np.float32)
    return np.asarray(cho_solve(cho_factor(simple, check_finite=False), cibles.astype(np.float32), check_finite=False), dtype=np.float64)


def held_out_scores(noyau: NDArray[np.float64], cibles: NDArray[np.float64], auteurs: Sequence[str], poids: NDArray[np.float64]) -> NDArray[np.float64]:
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


def fit(exemples: Sequence[Exemple], lexique: Lexicon) -> Model:
    """Train the three heads on every phrase. Deterministic."""
    textes = [e.texte for e in exemples]
    bruts = vectors(textes)
    tous = design(textes, bruts)
    auteurs = [e.auteur for e in exemples]
    rang = {id(e): i for i, e in enumerate(exemples)}
    couples = need_labels(exemples)
    lignes = [rang[id(e)] for e, _ in couples]
    besoins = [b for _, b in couples]
    classes = sorted(set(besoins))
    indices = np.array([lexique.scores(e.texte, classes) for e, _ in couples], dtype=np.float32)
    compte: dict[str, int] = {}
    for texte in textes:
        for mot in fold(texte).split():
            compte[mot] = compte.get(mot, 0) + 1
    # Missing an urgency costs more than a number too many: urgent phrases count more.
    poids = np.array([POIDS_URGENCE if urgency_label(e) != SANS_URGENCE else 1.0 for e in exemples])
    actes, urgences = fit_heads(tous, [([e.acte for e in exemples], None), ([urgency_label(e) for e in exemples], None)], auteurs, poids)
    [tete_besoins] = fit_heads(design([textes[i] for i in lignes], bruts[lignes]), [(besoins, indices)], [auteurs[i] for i in lignes])
    return Model(
        actes=actes,
        besoins=tete_besoins,
        urgences=urgences,
        vocabulaire=frozenset(mot for mot, n in compte.items() if n >= 2 or len(mot) <= 3),
    )


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
    modele = fit(exemples, lexique)
    try:
        dossier.mkdir(parents=True, exist_ok=True)
        provisoire = chemin.with_suffix(f".{os.getpid()}")
        provisoire.write_bytes(modele.save())
        os.replace(provisoire, chemin)
    except OSError:
        pass  # a read-only or full disk costs the training at the next start, nothing else
    return modele
