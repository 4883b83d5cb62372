"""From a situation to its exercise, solved by the base as it is now: a changed rule changes the corrected answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from knowledge.base import Base, NumeroNational, Situation
from knowledge.formation.cherche import solve_lookup
from knowledge.formation.exercice import FAUX, JUSTE, Exercice, Insoluble, Option, request_of, shuffled, sources
from knowledge.formation.portes import said_needs, solve_doors
from knowledge.formation.question import solve_question
from knowledge.formation.sigle import solve_sigle
from knowledge.formation.signe import solve_signs
from knowledge.orient import orient
from knowledge.say import service_title

_ATTENTE = 3  # people who wait beside the urgent one
_BESOINS_GRAVES = ("violences/", "logement/hebergement-urgence", "sante/mentale", "sante/addictions")


def solve(situation: Situation, base: Base) -> Exercice:
    """The exercise of a situation. Raises Insoluble when the base holds no right answer to it."""
    return _SELON[situation.exercice](situation, base)


def solve_all(base: Base) -> dict[str, Exercice]:
    """Every situation that the base can solve, by id, in the order of the sources."""
    resolues = {}
    for situation in base.situations.values():
        try:
            resolues[situation.id] = solve(situation, base)
        except Insoluble:
            continue
    return resolues


def numbers(situation: Situation, base: Base) -> tuple[NumeroNational, ...]:
    """National numbers of the urgency, else of the needs."""
    if situation.urgence:
        return tuple(n for n in base.numeros if situation.urgence in n.urgences)
    return tuple(n for n in base.numeros if set(situation.besoins) & set(n.besoins))


def _doors(situation: Situation, base: Base) -> Exercice:
    orientation, options = solve_doors(situation, base)
    question = "Vers où orientez-vous cette personne ? Cochez la ou les bonnes portes."
    return Exercice(situation, question, shuffled(options, situation.id), True, numbers(situation, base), orientation.relais)


def _free(situation: Situation, base: Base) -> Exercice:
    """Nothing to choose: the doors are those to compare with."""
    exercice = _doors(situation, base)
    portes = tuple(o for o in exercice.options if o.valeur == JUSTE)
    return replace(
        exercice, question="Écrivez ce que vous taperiez à l'assistant : le besoin, l'âge, la commune. Ni nom ni numéro.", options=portes, plusieurs=False
    )


def _urgent(situation: Situation, base: Base) -> Exercice:
    numeros = numbers(situation, base)
    if not numeros:
        raise Insoluble(f"« {situation.titre} » ({situation.id}) : la base n'a plus de numéro pour l'urgence « {situation.urgence} ».")
    appels = " ; ".join(f"{n.numero} ({n.nom})" for n in numeros)
    options = [
        Option(
            situation.id,
            situation.dialogue[0],
            JUSTE,
            f"C'est l'urgence. Appelez : {appels}.",
            sources(base, *(("numero_national", n.id) for n in numeros[:2])),
        )
    ]
    autres = [s for s in base.situations.values() if _can_wait(s)]
    autres = sorted(autres, key=lambda s: (s.theme == situation.theme, s.niveau != situation.niveau))
    depart = sum(map(ord, situation.id)) % max(1, len(autres) // 2)
    vus = {situation.theme}
    for autre in autres[depart:] + autres[:depart]:
        porte = next(iter(orient(request_of(autre), base).propositions), None)
        if porte is None or autre.theme in vus:
            continue
        vus.add(autre.theme)
        texte = f"Elle peut attendre un peu : {said_needs(autre, base)}. Première porte : {service_title(porte.service, base)}."
        options.append(Option(autre.id, autre.dialogue[0], FAUX, texte, sources(base, ("service", porte.service.id))))
        if len(options) > _ATTENTE:
            break
    question = "Quatre personnes attendent. De qui vous occupez-vous d'abord ?"
    return Exercice(situation, question, shuffled(options, situation.id), False, numeros, base.communes.get(situation.commune or ""))


def _can_wait(situation: Situation) -> bool:
    """Someone who speaks first, for themselves, and whose need bears waiting."""
    premiere = situation.dialogue[0]
    return (
        situation.exercice in ("porte", "libre")
        and situation.niveau != "difficile"
        and not situation.urgence
        and not any(b.startswith(_BESOINS_GRAVES) for b in situation.besoins)
        and not premiere.startswith(("Vous", "("))
    )


_SELON: dict[str, Callable[[Situation, Base], Exercice]] = {
    "porte": _doors,
    "libre": _free,
    "urgence": _urgent,
    "question": solve_question,
    "sigle": solve_sigle,
    "annuaire": solve_lookup,
    "signe": solve_signs,
}
