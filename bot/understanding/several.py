"""A need read beside the first: how likely the person has it too.

The softmax of the needs cannot say: it shares one certainty among needs that may all be there. A small logistic regression over
how much the need is in the whole message and in one of its clauses does. Its weights come from ``python -m bench.second_needs``,
learnt on an author held out and on messages labelled with the exact set of their needs.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Flottants = NDArray[np.float32]
# How much the need is in the message; that, as a share of the first need; how sure a clause is of it; its cue words; how much that clause
# also says the first need.
POIDS = np.array([6.62, 2.69, 1.01, 0.81, -2.08])
BIAIS = -5.03


def first_and_others(probas: Flottants, besoins: Sequence[int]) -> tuple[int, list[int]]:
    """The first of some needs, and those worth weighing beside it: the best of the message (first row) and the first of each clause (the other rows)."""
    premier = max(besoins, key=lambda i: probas[0, i])
    vus = [*(int(i) for i in np.argsort(-probas[0])[:4]), *(int(i) for i in probas[1:].argmax(1))]
    return premier, [i for i in dict.fromkeys(vus) if i != premier and i in besoins]


def features(scores: Flottants, probas: Flottants, sacs: Flottants, premier: int, besoins: Sequence[int]) -> NDArray[np.float64]:
    """One row a need of ``besoins``. ``scores``, ``probas``, ``sacs``: one row the message, then one a clause; one column a class."""
    lignes = []
    for b in besoins:
        clause = clause_of(probas, b)
        lignes.append(
            [
                scores[0, b],
                scores[0, b] / max(float(scores[0, premier]), 0.05),
                probas[clause, b] if clause else 0.0,
                sacs[0, b],
                scores[clause, premier] if clause else 0.0,
            ]
        )
    return np.array(lignes, dtype=np.float64).reshape(len(lignes), len(POIDS))


def clause_of(probas: Flottants, besoin: int) -> int:
    """The row of the clause that says a need most; 0 when the message is not divided."""
    return 1 + int(probas[1:, besoin].argmax()) if len(probas) > 1 else 0


def chances(lignes: NDArray[np.float64], poids: NDArray[np.float64] = POIDS, biais: float = BIAIS) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-(lignes @ poids + biais))))
