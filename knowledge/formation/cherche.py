"""« Find it in the annuaire »: one field of one sheet, against the same field of its nearest neighbours."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.base import Base, Commune, Lieu, Service, Situation
from knowledge.entrees import of_town
from knowledge.formation.exercice import FAUX, JUSTE, Exercice, Insoluble, Option, shuffled, sources

_AUTRES = 3


@dataclass(frozen=True)
class Fiche:
    """A sheet of the look-up, as this exercise needs it."""

    genre: str
    cle: str
    nom: str  # as it is said in a sentence
    commune: str | None
    valeurs: dict[str, str | None]


def solve_lookup(situation: Situation, base: Base) -> Exercice:
    """Raises Insoluble when the sheet or its field is no longer in the base."""
    genre, _, cle = (situation.cible or "").partition(":")
    champ = situation.champ or ""
    fiches = {f.cle: f for f in _sheets(genre, base)}
    cherchee = fiches.get(cle)
    valeur = cherchee.valeurs.get(champ) if cherchee else None
    if not cherchee or not valeur:
        raise Insoluble(f"« {situation.titre} » ({situation.id}) : la base n'a plus « {champ} » pour {situation.cible}.")
    preuves = sources(base, (genre, cle))
    options = [Option(cle, valeur, JUSTE, f"C'est ce que dit la fiche de {cherchee.nom}.", preuves, f"/fiche/{genre}:{cle}")]
    vues = {valeur}
    for autre in sorted(fiches.values(), key=lambda f: _distance(cherchee, f, base)):
        sienne = autre.valeurs.get(champ)
        if not sienne or sienne in vues:
            continue
        vues.add(sienne)
        options.append(Option(autre.cle, sienne, FAUX, f"C'est {autre.nom}.", sources(base, (genre, autre.cle)), f"/fiche/{genre}:{autre.cle}"))
        if len(options) > _AUTRES:
            break
    question = f"{_QUESTIONS[champ]} {cherchee.nom} ? Cherchez dans l'annuaire, puis choisissez."
    return Exercice(situation, question, shuffled(options, situation.id), False, (), base.communes.get(situation.commune or ""))


_QUESTIONS = {
    "telephone": "Quel est le téléphone de",
    "adresse": "Quelle est l'adresse de",
    "gestionnaire": "Qui gère",
    "conditions": "Quelle est la condition d'accès de",
    "porteur": "Qui porte",
}


def _sheets(genre: str, base: Base) -> list[Fiche]:
    if genre == "commune":
        return [_town(c) for c in base.communes.values()]
    if genre == "lieu":
        return [_place(lieu, base) for lieu in base.lieux.values() if lieu.etat == "en service"]
    return [_service(s, base) for s in base.services.values() if s.etat == "en service" and not s.reserve_professionnels]


def _town(c: Commune) -> Fiche:
    return Fiche("commune", c.code_insee, f"la mairie {of_town(c.nom)}", c.code_insee, {"telephone": c.mairie_telephone, "adresse": c.mairie_adresse})


def _place(lieu: Lieu, base: Base) -> Fiche:
    ville = base.communes[lieu.commune].nom if lieu.commune else ""
    adresse = f"{lieu.adresse}, {ville}".rstrip(", ") if lieu.adresse else None
    nom = lieu.nom if ville in lieu.nom else f"{lieu.nom}, {ville}".rstrip(", ")
    return Fiche("lieu", lieu.id, f"« {nom} »", lieu.commune, {"adresse": adresse, "gestionnaire": lieu.gestionnaire})


def _service(s: Service, base: Base) -> Fiche:
    porteur = base.structures[s.structure].nom
    return Fiche("service", s.id, f"« {s.sigle or s.nom} »", None, {"conditions": ", ".join(c.texte for c in s.criteres) or None, "porteur": porteur})


def _distance(a: Fiche, b: Fiche, base: Base) -> tuple[float, str]:
    """Kilometres between places; between services, the fewer needs in common the farther."""
    if a.genre == "service":
        besoins = {r.besoin for r in base.reponses if r.service == a.cle}
        return (-float(sum(r.service == b.cle and r.besoin in besoins for r in base.reponses)), b.cle)
    km = base.distance(a.commune, b.commune) if a.commune and b.commune else 1_000.0
    return (km, b.cle)
