"""Doors of a situation: the right ones as ``orient`` gives them, the wrong ones with the rule that fails."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from knowledge.base import Base, Besoin, Service, Situation
from knowledge.formation.exercice import FAUX, JUSTE, PROCHE, Insoluble, Option, request_of, sources
from knowledge.orient import Demande, Orientation, Proposition, judge, orient
from knowledge.say import service_title
from knowledge.text import joined

_JUSTES, _PROCHES, _FAUSSES = 3, 1, 3
_GENERALISTE = 3  # a service that answers so many needs is never a wrong door
_TOUTES = 1_000


def solve_doors(situation: Situation, base: Base) -> tuple[Orientation, list[Option]]:
    """Up to three right doors, one that only completes, three wrong ones. Raises Insoluble without a right or a wrong one."""
    demande = request_of(situation)
    orientation = orient(demande, base, _TOUTES)
    portes = _best_rank(demande, orientation, base)
    justes = [p for p in portes if p.rang <= 2]
    proches = [p for p in portes if p.rang > 2]
    if not justes:
        raise Insoluble(f"« {situation.titre} » ({situation.id}) : la base ne propose plus aucune bonne porte pour {said_needs(situation, base)}.")
    options = [_right(p, base, demande, JUSTE) for p in _spread(justes, orientation.besoins)]
    options += [_right(p, base, demande, PROCHE) for p in proches[:_PROCHES]]
    fausses = _wrong(situation, demande, orientation, base)
    if not fausses:
        raise Insoluble(f"« {situation.titre} » ({situation.id}) : la base n'offre aucune fausse porte à proposer.")
    return orientation, options + fausses


def _best_rank(demande: Demande, orientation: Orientation, base: Base) -> list[Proposition]:
    """Each service once, for the need that it answers best: an answer to several needs shows it under the first alone."""
    par_service: dict[str, Proposition] = {}
    for besoin in orientation.besoins:
        for p in orient(replace(demande, besoins=(besoin,)), base, _TOUTES).propositions:
            connue = par_service.get(p.service.id)
            if connue is None or p.rang < connue.rang:
                par_service[p.service.id] = p
    return list(par_service.values())


def _spread(justes: list[Proposition], besoins: tuple[str, ...]) -> list[Proposition]:
    """The best doors, with at least one for each need."""
    tetes = [p for b in besoins if (p := next((p for p in justes if p.besoin == b), None))]
    suite = [p for p in justes if p not in tetes]
    return (tetes + suite)[:_JUSTES]


def said_needs(situation: Situation, base: Base) -> str:
    return joined([f"« {base.besoins[b].nom} »" for b in situation.besoins])


def door_label(service: Service, base: Base, commune: str | None) -> str:
    """Name, carrier, and the nearest place when the commune is known: said alike for right and wrong doors."""
    titre = service_title(service, base)
    lieux = [lieu for lieu in base.lieux_par_service.get(service.id, []) if lieu.etat == "en service" and lieu.commune]
    if not commune or not lieux:
        return titre
    proche = min(lieux, key=lambda lieu: (base.distance(commune, lieu.commune or commune), lieu.nom))
    return f"{titre}, le plus proche : {base.communes[proche.commune or commune].nom}"


def _right(p: Proposition, base: Base, demande: Demande, valeur: str) -> Option:
    texte = p.description.rstrip(".") + "."
    if valeur == PROCHE:
        texte = f"En complément, pas en premier. {texte}"
    if p.pourquoi:
        texte += f" Règle tenue : {', '.join(p.pourquoi)}."
    if p.a_verifier:
        texte += f" À vérifier : {', '.join(p.a_verifier)}."
    if p.service.etat == "experimentation":
        texte += " C'était une expérimentation en 2021 : à confirmer."
    preuves = sources(base, ("service", p.service.id), *(("critere", c.id) for c in p.service.criteres))
    return Option(p.service.id, door_label(p.service, base, demande.commune), valeur, texte, preuves, f"/fiche/service:{p.service.id}")


def _wrong(situation: Situation, demande: Demande, orientation: Orientation, base: Base) -> list[Option]:
    """Near misses first, then one project, then first doors of the needs next to these."""
    bons = {p.service.id for p in orientation.propositions}
    trouvees: dict[str, Option] = {}

    def add(service: Service, texte: str, *preuves: tuple[str, str]) -> None:
        if service.id not in bons and not service.reserve_professionnels:
            option = Option(
                service.id,
                door_label(service, base, demande.commune),
                FAUX,
                texte,
                sources(base, *preuves, ("service", service.id)),
                f"/fiche/service:{service.id}",
            )
            trouvees.setdefault(service.id, option)

    for besoin in dict.fromkeys((*orientation.besoins, *situation.besoins)):
        for reponse in base.reponses_par_besoin.get(besoin, []):
            service = base.services[reponse.service]
            rate = next((v for v in judge(service, demande, base, besoin) if v.tenu is False), None)
            if rate and service.etat == "en service":
                add(service, f"Règle non tenue : {rate.texte}.", ("critere", rate.critere.id))
    for ecarte in orientation.ecartes:
        add(ecarte.service, f"Règle non tenue : {ecarte.regle}.")
    projets = [s for s in orientation.projets if s.id not in trouvees]
    if projets:
        add(projets[0], "C'était un projet en 2021, pas un lieu où aller.")
    for service, besoin in _neighbours(situation, demande, orientation.besoins, base):
        if len(trouvees) >= _FAUSSES:
            break
        verdicts = judge(service, demande, base, besoin)
        if base.besoins[besoin].theme != situation.theme and any(v.tenu is None and v.critere.genre == "fait" for v in verdicts):
            continue  # kept for a public of which nothing was said: a trap, not a lesson
        rate = next((v for v in verdicts if v.tenu is False), None)
        regle = f"Règle non tenue : {rate.texte}. " if rate else ""
        texte = f"{regle}Cette porte répond à un autre besoin, « {base.besoins[besoin].nom} ». Ici, c'est {said_needs(situation, base)}."
        add(service, texte, *([("critere", rate.critere.id)] if rate else []))
    return list(trouvees.values())[:_FAUSSES]


def _neighbours(situation: Situation, demande: Demande, besoins: tuple[str, ...], base: Base) -> list[tuple[Service, str]]:
    """Doors of the needs next to these, with the need of each: near misses of the theme, then first doors, the nearest need first.

    A need is near when it is of the same theme, then when many services are common to both.
    """
    par_service: dict[str, set[str]] = {}
    for reponse in base.reponses:
        par_service.setdefault(reponse.service, set()).add(reponse.besoin)
    voulus = {*besoins, *situation.besoins}
    miens = {r.service for b in voulus for r in base.reponses_par_besoin.get(b, [])}

    def far(besoin: Besoin) -> tuple[bool, int, str]:
        communs = sum(besoin.id in par_service[s] for s in miens)
        # Where all else is equal, situations of one theme should not all show the same wrong doors.
        return (besoin.theme != situation.theme, -communs, hashlib.sha256(f"{situation.id}/{besoin.id}".encode()).hexdigest())

    rates: list[tuple[Service, str]] = []
    premieres: list[tuple[Service, str]] = []
    for besoin in sorted((b for b in base.besoins.values() if b.id not in voulus and not b.id.startswith("professionnel/")), key=far):
        for place, reponse in enumerate(base.reponses_par_besoin.get(besoin.id, [])):
            service = base.services[reponse.service]
            if reponse.rang > 2 or service.id in miens or len(par_service[service.id]) >= _GENERALISTE or service.etat != "en service":
                continue
            if besoin.theme == situation.theme and any(v.tenu is False for v in judge(service, demande, base, besoin.id)):
                rates.append((service, besoin.id))
            elif place < 2 and reponse.rang == 1:
                premieres.append((service, besoin.id))
    return rates + premieres
