"""A message as numbers: sentence vector for meaning, hashed character n-grams for spelling."""

from __future__ import annotations

import re
import sqlite3
import zlib
from contextlib import closing
from functools import lru_cache

import numpy as np

from bot.understanding.normalise import expand
from knowledge.build import BASE
from knowledge.text import fold
from knowledge.vectors import Vecteurs, encoder

N_GRAMMES = 1 << 15


def neutral(texte: str) -> str:
    """The message without its numbers and town names, so that neither an age nor a town weighs on the need."""
    texte = re.sub(r"\d+", "0", expand(texte))
    motif = _towns()
    return motif.sub("la ville", texte) if motif else texte


@lru_cache(maxsize=1)
def _towns() -> re.Pattern[str] | None:
    """Names of the communes as they are typed, accents or not; None without a base."""
    try:
        with closing(sqlite3.connect(f"{BASE.as_uri()}?mode=ro", uri=True)) as connexion:
            noms = [nom for (nom,) in connexion.execute("SELECT nom FROM commune")]
    except sqlite3.Error:
        return None
    # « La Couture » and « La Comté » are also common words.
    formes = sorted({fold(nom) for nom in noms if not fold(nom).startswith("la ")}, key=len, reverse=True)
    lettres = {"a": "[aàâ]", "c": "[cç]", "e": "[eéèêë]", "i": "[iîï]", "o": "[oôö]", "u": "[uùûü]", " ": "[ '’-]+"}
    motifs = ("".join(lettres.get(c, c) for c in forme).replace("[oôö][eéèêë]", "(?:œ|[oôö][eéèêë])") for forme in formes)
    return re.compile(rf"\b(?:{'|'.join(motifs)})\b", re.IGNORECASE)


@lru_cache(maxsize=4096)
def ngrams(texte: str) -> tuple[tuple[int, float], ...]:
    """Sorted (index, weight) of words and of n-grams of 3 to 5 characters inside words; unit length."""
    comptes: dict[int, float] = {}
    mots = fold(neutral(texte)).split()
    for mot in mots:
        borde = f"<{mot}>"
        morceaux = [f"w:{mot}"]
        for n in (3, 4, 5):
            morceaux += [borde[i : i + n] for i in range(len(borde) - n + 1)]
        for morceau in morceaux:
            cle = zlib.crc32(morceau.encode()) % N_GRAMMES
            comptes[cle] = comptes.get(cle, 0.0) + 1.0
    for a, b in zip(mots, mots[1:], strict=False):
        cle = zlib.crc32(f"b:{a} {b}".encode()) % N_GRAMMES
        comptes[cle] = comptes.get(cle, 0.0) + 1.0
    norme = sum((1 + np.log(v)) ** 2 for v in comptes.values()) ** 0.5 or 1.0
    return tuple((cle, float((1 + np.log(valeur)) / norme)) for cle, valeur in sorted(comptes.items()))


def vectors(textes: list[str]) -> Vecteurs:
    return encoder().encode([neutral(texte) for texte in textes])
