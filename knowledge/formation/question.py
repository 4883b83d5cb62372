"""« Which single question first? »: the one whose answer would change most doors, as ``orient`` asks it."""

from __future__ import annotations

from knowledge.base import Base, Situation
from knowledge.formation.exercice import FAUX, JUSTE, PROCHE, Exercice, Insoluble, Option, request_of, services_said, shuffled, sources
from knowledge.formation.portes import said_needs
from knowledge.orient import QUESTIONS, Demande, Orientation, orient, question_weights, spoken_age
from knowledge.say import service_title

_AUTRES = 2  # questions that change nothing, beside the one not to ask
_TOUTES = 1_000
# Questions that nobody needs to ask in order to orient.
DE_TROP = {
    "Quel est votre numéro de sécurité sociale ?": "Une donnée personnelle qui ne change aucune porte : ne la demandez pas.",
    "Pourquoi n'êtes-vous pas venu plus tôt ?": "La personne entend un reproche, et la réponse ne change aucune porte.",
    "Quel est votre nom de famille ?": "Le nom ne change aucune porte : il ne se demande pas pour orienter.",
}
DE_TROP_LIRE = "Savez-vous lire ?"
_POSTURE_LIRE = "N-11"  # the row of reperage.csv that says not to ask it


def solve_question(situation: Situation, base: Base) -> Exercice:
    """Raises Insoluble when nothing is left to ask."""
    demande = request_of(situation)
    orientation = orient(demande, base, _TOUTES)
    juste = orientation.question
    if not juste or not orientation.propositions:
        raise Insoluble(f"« {situation.titre} » ({situation.id}) : la base n'a plus de question à poser pour {said_needs(situation, base)}.")
    poids = question_weights(demande, base, list(orientation.propositions))
    cle = next((c for c, texte in QUESTIONS.items() if texte == juste), "")
    options = [Option(cle or "besoin", juste, JUSTE, _why(cle, juste, orientation, situation, base), _proofs(cle, orientation, base))]
    autres = sorted((c for c in poids if c != cle and QUESTIONS[c] != juste), key=lambda c: -poids[c])
    for proche in autres[:1]:
        texte = f"Utile, mais elle change moins de portes. {_changes(proche, orientation, base)}"
        options.append(Option(proche, QUESTIONS[proche], PROCHE, texte, _proofs(proche, orientation, base)))
    inutiles = [c for c in QUESTIONS if c not in poids and c != cle and QUESTIONS[c] != juste]
    depart = sum(map(ord, situation.id)) % len(inutiles)
    for inutile in (inutiles[depart:] + inutiles[:depart])[:_AUTRES]:
        options.append(Option(inutile, QUESTIONS[inutile], FAUX, _useless(inutile, demande, situation, base), options[0].sources))
    options.append(_too_much(situation, base))
    question = "Vous ne posez qu'une question. Laquelle d'abord ?"
    return Exercice(situation, question, shuffled(options, situation.id), False, (), orientation.relais)


def _changes(cle: str, orientation: Orientation, base: Base) -> str:
    """The doors that an answer would open or close."""
    if cle == "commune":
        noms = [service_title(p.service, base) for p in orientation.propositions if len(p.lieux) > 1 or p.service.zone_eligibilite]
        return f"Elle dit le lieu le plus proche : {services_said(list(dict.fromkeys(noms)), 2)}."
    textes = [
        f"{service_title(p.service, base)} ({c.texte})"
        for p in orientation.propositions
        for c in p.service.criteres
        if c.fait == cle or (cle == "age" and c.genre == "age")
    ]
    return f"Elle ouvre ou ferme : {services_said(list(dict.fromkeys(textes)), 2)}."


def _why(cle: str, juste: str, orientation: Orientation, situation: Situation, base: Base) -> str:
    if cle:
        return f"C'est la question qui change le plus de portes. {_changes(cle, orientation, base)}"
    if "commune" in juste:
        return f"La commune donne le lieu le plus proche et la mairie qui relaie, pour {said_needs(situation, base)}."
    return f"C'est la question qui précise le plus {said_needs(situation, base)} : la première porte en dépend."


def _proofs(cle: str, orientation: Orientation, base: Base) -> tuple[str, ...]:
    criteres = [c.id for p in orientation.propositions for c in p.service.criteres if c.fait == cle or (cle == "age" and c.genre == "age")]
    return sources(base, *(("critere", c) for c in criteres[:2]), ("service", orientation.propositions[0].service.id))


def _useless(cle: str, demande: Demande, situation: Situation, base: Base) -> str:
    if cle == "age" and demande.ages:
        return f"L'âge est déjà dit : {spoken_age(demande.ages[0])}."
    if cle == "commune" and demande.commune:
        return f"La commune est déjà dite : {base.communes[demande.commune].nom}."
    if cle in demande.faits:
        return "La personne l'a déjà dit."
    return f"La réponse ne change aucune porte pour {said_needs(situation, base)}."


def _too_much(situation: Situation, base: Base) -> Option:
    posture = next((r for r in base.reperages if r.id == _POSTURE_LIRE), None)
    if situation.theme == "illettrisme" and posture:
        return Option("trop", DE_TROP_LIRE, FAUX, posture.texte, sources(base, ("reperage", posture.id)))
    textes = list(DE_TROP)
    choisi = textes[sum(map(ord, situation.id)) % len(textes)]
    return Option("trop", choisi, FAUX, DE_TROP[choisi], ("règlement européen 2016/679, article 5 : le moins de données possible",))
