"""Free orientation: what the assistant understood of a message, beside the request of the situation."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.base import Base, Situation
from knowledge.formation.exercice import FAUX, JUSTE, PROCHE, request_of
from knowledge.orient import Demande, orient, spoken_age
from knowledge.request import Cadre
from knowledge.text import joined


@dataclass(frozen=True)
class Ecart:
    """The comparison: ``resultat`` of ``RESULTATS``, what was understood, and a sentence for each thing missing or wrong."""

    resultat: str
    compris: tuple[str, ...]
    attendu: tuple[str, ...]
    remarques: tuple[str, ...]


def compare(situation: Situation, compris: Cadre, base: Base, masque: bool = False) -> Ecart:
    """What the assistant kept of a message, against the request.

    ``juste``: same need, nothing missing; ``proche``: same need, but age or commune missing; ``faux``: another need or none.

    ``masque`` says that personal data was found and hidden in what was typed.
    """
    demande = request_of(situation)
    # The needs as the answer shows them: a first home asked for at 45 is a search for a home.
    vus = orient(Demande(compris.besoins, compris.commune, compris.ages), base).besoins
    freres = {r for b in situation.besoins for r in (b, base.besoins[b].autre_age)} - {None}
    remarques = []
    bon = bool(vus) and vus[0] in freres
    if not vus:
        remarques.append("L'assistant n'a pas vu de besoin. Dites ce que la personne cherche, en un ou deux mots.")
    elif not bon:
        remarques.append(
            f"L'assistant a compris « {base.besoins[vus[0]].nom} ». Dites plutôt {joined([f'« {base.besoins[b].nom} »' for b in situation.besoins])}."
        )
    complet = True
    if demande.commune and compris.commune != demande.commune:
        complet = False
        nom = base.communes[demande.commune].nom
        remarques.append(f"La commune compte : « {nom} » donne le lieu le plus proche et la mairie à appeler.")
    if demande.ages and demande.ages[0] not in compris.ages:
        complet = False
        remarques.append(f"L'âge ouvre ou ferme des portes : « {spoken_age(demande.ages[0])} ».")
    if masque:
        remarques.append("Un nom, un numéro ou une adresse a été masqué avant lecture. N'en écrivez jamais : ils ne changent aucune porte.")
    resultat = FAUX if not bon else JUSTE if complet else PROCHE
    return Ecart(resultat, _said(vus, compris, base), _expected(situation, base), tuple(remarques))


def _said(besoins: tuple[str, ...], compris: Cadre, base: Base) -> tuple[str, ...]:
    mots = [base.besoins[b].nom for b in besoins[:3]]
    mots += [spoken_age(age) for age in compris.ages[:2]]
    if compris.commune in base.communes:
        mots.append(base.communes[compris.commune or ""].nom)
    return tuple(mots)


def _expected(situation: Situation, base: Base) -> tuple[str, ...]:
    demande = request_of(situation)
    mots = [base.besoins[b].nom for b in demande.besoins] + [spoken_age(age) for age in demande.ages]
    if demande.commune:
        mots.append(base.communes[demande.commune].nom)
    return tuple(mots)
