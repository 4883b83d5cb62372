"""Indicators of fiche 3.3.3 over the sessions that ended: sessions, participants, quiz before and after."""

from __future__ import annotations

from pathlib import Path

from bot.formation.comptes import Comptes, Score
from bot.formation.graphiques import said_score
from bot.formation.store import read_finished
from knowledge.base import Base
from knowledge.text import plural

RATEES = 3


def indicators(dossier: Path, base: Base | None = None) -> list[str]:
    """Lines of French. Means are weighted by the people who finished both quizzes."""
    sessions = read_finished(dossier)
    if not sessions:
        return ["Aucune session de formation finie."]
    participants = sum(bilan.participants for _, bilan in sessions)
    lignes = [f"{plural(len(sessions), 'session')}, {plural(participants, 'participant')}, du {sessions[0][0]} au {sessions[-1][0]}."]
    score = total_score([bilan.score for _, bilan in sessions])
    if score.avant is not None and score.apres is not None and score.progres is not None:
        lignes.append(
            f"Quiz : {said_score(score.avant)} sur 10 avant, {said_score(score.apres)} après, soit {'+' if score.progres >= 0 else '−'}{said_score(abs(score.progres))} ({plural(score.faits, 'participant')})."
        )
    sommes: dict[str, Comptes] = {}
    for _, bilan in sessions:
        for objet, comptes in bilan.situations.items():
            sommes[objet] = sommes.get(objet, Comptes()) + comptes
    situations = (base or Base.open()).situations
    ratees = sorted((objet for objet in sommes if objet in situations and sommes[objet].reussite < 1), key=lambda o: (sommes[o].reussite, o))[:RATEES]
    if ratees:
        lignes.append("Le plus souvent à revoir :")
        lignes += [f"  {situations[o].titre} : {plural(sommes[o].juste, 'réponse juste', 'réponses justes')} sur {sommes[o].total}" for o in ratees]
    return lignes


def total_score(scores: list[Score]) -> Score:
    """One score over several sessions."""
    faits = sum(s.faits for s in scores)
    if not faits:
        return Score()
    return Score(faits, *(sum(s.faits * (getattr(s, quand) or 0.0) for s in scores) / faits for quand in ("avant", "apres")))
