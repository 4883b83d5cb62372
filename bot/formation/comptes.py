"""Counts over answers: results by situation, the wrong answer most chosen, scores before and after."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.formation.exercice import FAUX, JUSTE, PROCHE

if TYPE_CHECKING:
    from bot.formation.store import Reponse


@dataclass(frozen=True)
class Comptes:
    """How a situation was answered. ``duree_s`` is the median of the times said, ``erreur`` the wrong option most chosen."""

    juste: int = 0
    proche: int = 0
    faux: int = 0
    duree_s: float | None = None
    erreur: str = ""

    @property
    def total(self) -> int:
        return self.juste + self.proche + self.faux

    @property
    def reussite(self) -> float:
        """Share of right answers, 0 to 1; a near one counts for half."""
        return (self.juste + self.proche / 2) / self.total if self.total else 0.0

    def __add__(self, autre: Comptes) -> Comptes:
        return Comptes(self.juste + autre.juste, self.proche + autre.proche, self.faux + autre.faux)


@dataclass(frozen=True)
class Score:
    """Quiz of those who finished both: how many they are, and their means out of ten."""

    faits: int = 0
    avant: float | None = None
    apres: float | None = None

    @property
    def progres(self) -> float | None:
        return None if self.avant is None or self.apres is None else self.apres - self.avant


def count_answers(reponses: Iterable[Reponse]) -> dict[str, Comptes]:
    par_objet: dict[str, list[Reponse]] = {}
    for reponse in reponses:
        par_objet.setdefault(reponse.objet, []).append(reponse)
    return {objet: _count(liste) for objet, liste in par_objet.items()}


def _count(liste: list[Reponse]) -> Comptes:
    resultats = Counter(r.resultat for r in liste)
    durees = [r.duree_s for r in liste if r.duree_s is not None]
    fautes = Counter(cle for r in liste for cle in r.choix.get("fausses", ()))
    erreur = min(fautes, key=lambda cle: (-fautes[cle], cle), default="")
    return Comptes(resultats[JUSTE], resultats[PROCHE], resultats[FAUX], statistics.median(durees) if durees else None, erreur)


def mean_scores(reponses: Iterable[tuple[int, Reponse]], tailles: Mapping[str, int]) -> Score:
    """Means over those who answered every question of both quizzes; ``tailles`` says how many each has."""
    faites: dict[int, Counter[str]] = {}
    justes: dict[int, Counter[str]] = {}
    for qui, reponse in reponses:
        faites.setdefault(qui, Counter())[reponse.etape] += 1
        justes.setdefault(qui, Counter())[reponse.etape] += reponse.resultat == JUSTE
    complets = [qui for qui, n in faites.items() if all(tailles.values()) and all(n[etape] >= taille for etape, taille in tailles.items())]
    if not complets:
        return Score()
    moyennes = {etape: statistics.mean(10 * justes[qui][etape] / tailles[etape] for qui in complets) for etape in ("avant", "apres")}
    return Score(len(complets), moyennes["avant"], moyennes["apres"])
