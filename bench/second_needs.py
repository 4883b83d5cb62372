"""Learn the weights of ``bot.understanding.several`` and measure them: ``python -m bench.second_needs``.

Learns on the phrases of an author held out from the model (one need each, and two of them joined), and on half of
``tests/donnees/besoins_ensembles.jsonl``, messages labelled with the exact set of their needs; measures on the other half.
"""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.held_out import Memory, by_author, fit
from bot.understanding import several
from bot.understanding.corpus import read_corpus
from bot.understanding.features import neutral
from bot.understanding.lexicon import Lexicon
from bot.understanding.model import need_labels
from bot.understanding.normalise import expand, tidy
from bot.understanding.privacy import mask
from bot.understanding.understand import Understander, clauses
from knowledge.base import Base
from knowledge.build import ROOT
from knowledge.vectors import encoder

ENSEMBLES = ROOT / "tests" / "donnees" / "besoins_ensembles.jsonl"
AUTEUR = "k10"
LIENS = (" et ", ", et aussi ", " + ", ". ", ", ", " et puis ", ". En plus ", " ; ", " et en même temps ")
# A labelled message was written to deceive; two phrases joined are easier than what people say.
POIDS_ENSEMBLE, POIDS_JOINTES = 4.0, 0.5
SEUILS = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)


@dataclass(frozen=True)
class Message:
    texte: str
    besoins: tuple[str, ...]
    poids: float = 1.0
    mesure: bool = False  # kept for the measure


@dataclass(frozen=True)
class Lu:
    """A message read: whether its first need is right, then each other candidate with its features and whether it is right."""

    message: Message
    premier_juste: bool
    lignes: NDArray[np.float64]
    justes: list[bool]


def labelled() -> list[Message]:
    messages = [json.loads(ligne) for ligne in ENSEMBLES.read_text(encoding="utf-8").splitlines()]
    return [Message(m["texte"], tuple(m["besoins"]), POIDS_ENSEMBLE, zlib.crc32(m["texte"].encode()) % 2 == 0) for m in messages]


def joined(couples: Sequence[tuple[str, str]]) -> list[Message]:
    """Phrases of one need, and pairs of short ones of two."""
    hasard = random.Random(1)
    melange = list(couples)
    hasard.shuffle(melange)
    seules = [Message(texte, (besoin,)) for texte, besoin in melange]
    courtes = [(texte, besoin) for texte, besoin in melange if len(texte) < 160]
    paires = [
        Message(a.rstrip(" .?!") + hasard.choice(LIENS) + b, (x, y), POIDS_JOINTES)
        for (a, x), (b, y) in zip(courtes[::2], courtes[1::2], strict=False)
        if x != y
    ]
    return seules + paires


def read(lecteur: Understander, message: Message) -> Lu:
    plein = lecteur.spelling.correct(expand(tidy(mask(message.texte, None, lecteur.gazetteer.surs))))
    textes = [plein, *clauses(plein)]
    _, scores, probas, sacs = lecteur.read_needs(textes, encoder().encode([neutral(t) for t in textes]))
    classes = lecteur.modele.besoins.classes
    premier, autres = several.first_and_others(probas, lecteur.appris)
    lignes = several.features(scores, probas, sacs, premier, autres)
    return Lu(message, classes[premier] in message.besoins, lignes, [classes[i] in message.besoins for i in autres])


def learn(lus: Iterable[Lu]) -> tuple[NDArray[np.float64], float]:
    from sklearn.linear_model import LogisticRegression

    gardes = [lu for lu in lus if lu.justes]
    x = np.concatenate([lu.lignes for lu in gardes])
    y = np.concatenate([lu.justes for lu in gardes])
    poids = np.concatenate([[lu.message.poids] * len(lu.justes) for lu in gardes])
    echelle = x.std(0)
    modele = LogisticRegression(max_iter=3000).fit(x / echelle, y, sample_weight=poids)
    return modele.coef_[0] / echelle, float(modele.intercept_[0])


def figures(lus: Sequence[Lu], poids: NDArray[np.float64], biais: float, seuil: float) -> tuple[float, float]:
    """Share of messages of one need that get a false second one; share of messages of two needs that get both."""
    en_trop = trouves = seuls = doubles = 0
    for lu in lus:
        chances = several.chances(lu.lignes, poids, biais)
        second = int(chances.argmax()) if len(chances) and chances.max() >= seuil else None
        if len(lu.message.besoins) == 1:
            seuls += 1
            en_trop += second is not None and not lu.justes[second]
        else:
            doubles += 1
            trouves += second is not None and lu.justes[second] and lu.premier_juste
    return en_trop / max(seuls, 1), trouves / max(doubles, 1)


def main() -> None:
    base = Base.open()
    lexique = Lexicon(base)
    exemples = read_corpus()
    tenu = next(split for split in by_author(exemples) if split.nom == f"auteur {AUTEUR}")
    lecteur = Understander(base, fit(tenu, lexique, Memory(exemples)), lexique)
    lus = [read(lecteur, m) for m in (*joined([(e.texte, b) for e, b in need_labels(tenu.tenus)]), *labelled())]
    poids, biais = learn(lu for lu in lus if not lu.message.mesure)
    print("POIDS = np.array([" + ", ".join(f"{p:.2f}" for p in poids) + f"])\nBIAIS = {biais:.2f}")
    print("| seuil | second besoin faux, un seul besoin | les deux besoins trouvés, deux besoins |\n| ---: | ---: | ---: |")
    mesures = [lu for lu in lus if lu.message.mesure]
    for seuil in SEUILS:
        faux, deux = figures(mesures, poids, biais, seuil)
        print(f"| {seuil:.2f} | {faux:.1%} | {deux:.1%} |")


if __name__ == "__main__":
    main()
