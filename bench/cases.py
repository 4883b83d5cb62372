"""Conversations to answer (JSON Lines) and how an answer is judged.

A case: ``{"id", "kind", "theme", "turns": [{"say", "must", "must_first", "must_not", "must_not_propose"}]}``. It passes when
every turn passes: one alternative of each ``must`` group is in the answer, of each ``must_first`` group in its first two
lines, no ``must_not`` anywhere, no ``must_not_propose`` outside the lines that begin with « Écarté » and what follows them
up to the next empty line. Texts are compared folded, as whole words.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge.text import contains, fold

# What answers one conversation: given its messages so far, the text that the agent reads.
Responder = Callable[[Sequence[str]], str]


@dataclass(frozen=True)
class Case:
    id: str
    kind: str
    theme: str
    turns: tuple[dict[str, Any], ...]


@dataclass
class Played:
    """One case played by one responder."""

    case: Case
    problems: list[str] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.problems


def read_cases(chemin: Path) -> list[Case]:
    cas = []
    for ligne in chemin.read_text(encoding="utf-8").splitlines():
        if ligne.strip():
            d = json.loads(ligne)
            cas.append(Case(d["id"], d["kind"], d["theme"], tuple(d["turns"])))
    return cas


def messages(cas: Iterable[Case]) -> list[str]:
    """Every message said in some cases, each once."""
    return sorted({tour["say"] for c in cas for tour in c.turns})


def proposed(texte: str) -> str:
    """The answer without what it sets aside."""
    gardees, ecarte = [], False
    for ligne in texte.splitlines():
        ecarte = bool(ligne.strip()) and (ecarte or fold(ligne).startswith("ecarte"))
        if not ecarte:
            gardees.append(ligne)
    return "\n".join(gardees)


def judge(tour: dict[str, Any], reponse: str) -> list[str]:
    """What is wrong with the answer to one turn."""
    ouverture = "\n".join([ligne for ligne in reponse.splitlines() if ligne.strip()][:2])
    offert = proposed(reponse)
    fautes = [f"manque {' | '.join(g[:4])}" for g in tour.get("must") or [] if not any(contains(reponse, mot) for mot in g)]
    fautes += [f"pas en tête {' | '.join(g[:4])}" for g in tour.get("must_first") or [] if not any(contains(ouverture, mot) for mot in g)]
    fautes += [f"dit {mot}" for mot in tour.get("must_not") or [] if contains(reponse, mot)]
    fautes += [f"propose {mot}" for mot in tour.get("must_not_propose") or [] if contains(offert, mot)]
    return fautes


def play(cas: Sequence[Case], repondre: Responder) -> list[Played]:
    """Every case, judged."""
    joues = []
    for c in cas:
        joue, dits = Played(c), []
        for tour in c.turns:
            dits.append(tour["say"])
            debut = time.perf_counter()
            reponse = repondre(dits)
            joue.seconds.append(time.perf_counter() - debut)
            joue.lengths.append(len(reponse))
            joue.problems += judge(tour, reponse)
        joues.append(joue)
    return joues


def score(joues: Iterable[Played]) -> tuple[int, int]:
    """How many passed, of how many."""
    liste = list(joues)
    return sum(j.passed for j in liste), len(liste)


def by(joues: Sequence[Played], trait: str) -> dict[str, tuple[int, int]]:
    """Score for each value of ``kind`` or ``theme``."""
    return {valeur: score(j for j in joues if getattr(j.case, trait) == valeur) for valeur in sorted({getattr(j.case, trait) for j in joues})}


def figures(joues: Sequence[Played]) -> dict[str, float]:
    """Length of answers in characters and time of a turn in milliseconds, median and 95th centile."""
    longueurs = sorted(n for j in joues for n in j.lengths)
    temps = sorted(1000 * s for j in joues for s in j.seconds)
    rang = int(0.95 * (len(longueurs) - 1))
    return {
        "longueur_mediane": statistics.median(longueurs),
        "longueur_p95": longueurs[rang],
        "ms_mediane": statistics.median(temps),
        "ms_p95": temps[rang],
    }
