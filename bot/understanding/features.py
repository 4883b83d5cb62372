"""A message as numbers: sentence vector for meaning, hashed character n-grams for spelling."""

from __future__ import annotations

import re
import zlib
from functools import lru_cache

import numpy as np

from bot.understanding.normalise import expand
from knowledge.text import fold
from knowledge.vectors import Vecteurs, encoder

N_GRAMMES = 1 << 15


def neutral(texte: str) -> str:
    """The message without its numbers, so that an age does not weigh on the need."""
    return re.sub(r"\d+", "0", expand(texte))


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
