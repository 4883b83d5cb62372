"""The sheet that the person takes home: where to go, what for, what to say, whom to ask. One page, no personal data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.annuaire import Annuaire
from knowledge.base import Base, Commune, Contact, Lieu, Service
from knowledge.contacts import town
from knowledge.entrees import of_town
from knowledge.falc import Mots, plain, words_for
from knowledge.orient import Demande, orient
from knowledge.say import LIEUX
from knowledge.say_contact import reach
from knowledge.text import contains

PORTES_MAX = 3
LIGNES_MAX = 22  # printed lines of places, numbers and words to say that one A4 page holds beside the rest
_LARGEUR = 58  # letters that a printed line holds
_TITRE = 32  # letters that a printed line of the title holds
_MOIS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()


@dataclass(frozen=True)
class Porte:
    """One place to go, in easy words."""

    nom: str
    chez: str | None
    pour: str
    adresse: tuple[str, ...]  # empty when the address is not known
    ville: str | None
    verifier: bool  # a condition remains to be asked
    telephone: str | None = None


@dataclass(frozen=True)
class Appel:
    numero: str
    nom: str
    gratuit: bool


@dataclass(frozen=True)
class FicheUsager:
    mots: tuple[Mots, ...]
    dire: tuple[str, ...]  # what to say, one sentence an item
    portes: tuple[Porte, ...]
    appels: tuple[Appel, ...]
    relais: Commune | None
    mairie_de: str
    date: str
    urgent: bool  # a number to call stands before the places
    prudence: bool  # violence: the paper itself may be a danger at home


def long_date(jour: date) -> str:
    """« 1er mars 2026 »."""
    return f"{'1er' if jour.day == 1 else jour.day} {_MOIS[jour.month - 1]} {jour.year}"


def make_person_sheet(
    annuaire: Annuaire, besoins: Sequence[str], services: Sequence[str], commune: str | None, age: float | None, aujourdhui: date
) -> FicheUsager:
    """The sheet for some needs, or for services already chosen. Projects and services for professionals are left out."""
    base = annuaire.base
    choisis = [s for s in (base.services[i] for i in services) if s.etat not in ("projet", "etude") and not s.reserve_professionnels]
    besoins = list(besoins) or list(dict.fromkeys(b for s in choisis for b in annuaire.needs_of(s.id)[:1]))
    if any(b.startswith("violences/") for b in besoins):
        besoins = [b for b in besoins if b != "parentalite/separation"]  # no mediation with a violent partner
    urgents = {b for n in base.numeros if n.urgences for b in n.besoins}
    besoins.sort(key=lambda b: b not in urgents)
    portes: list[Porte] = []
    if choisis:
        for service in choisis[:PORTES_MAX]:
            siens = annuaire.needs_of(service.id)
            besoin = next((b for b in besoins if b in siens), siens[0] if siens else None)
            portes.append(_door(base, service, _nearest(base, service, commune), besoin, bool(service.criteres), commune))
    else:
        demande = Demande(tuple(besoins), commune, (age,) if age is not None else ())
        for p in orient(demande, base, limite=PORTES_MAX).propositions:
            lieu = p.lieux[0] if len(p.lieux) == 1 else None
            if not p.service.reserve_professionnels:
                portes.append(_door(base, p.service, lieu, p.besoin, bool(p.a_verifier), commune))
    relais = base.communes.get(commune or "")
    voulus = set(besoins)
    mots = tuple(dict.fromkeys(words_for(b) for b in besoins[:2])) or (words_for(None),)
    numeros = [n for n in base.numeros if voulus & set(n.besoins) and n.numero not in {p.telephone for p in portes}][:2]
    dire = ("Bonjour.", *(phrase for m in mots for phrase in re.split(r"(?<=[.?]) ", m.dire)), "Pouvez-vous m'aider ?")
    autres = len(dire) + (2 if numeros else 0) + sum(-(-len(f"Et pour {m.pour}") // _TITRE) for m in mots) - 1
    while autres + 2 * len(numeros) + sum(_lines(p, len(mots) > 1) for p in portes) > LIGNES_MAX:
        compte = Counter(p.pour for p in portes)
        derniere = max(portes, key=lambda p: (compte[p.pour], portes.index(p)), default=None)
        if derniere and compte[derniere.pour] > 1:
            # Drop the last place of the need that has most of them: each need keeps one.
            portes.remove(derniere)
        elif len(numeros) > 1:
            numeros.pop()
        elif derniere and len(portes) > (1 if choisis else len(mots)):
            portes.remove(derniere)
        else:
            break
    return FicheUsager(
        mots=mots,
        dire=dire,
        portes=tuple(portes),
        appels=tuple(Appel(n.numero, n.nom.split(" (")[0], (n.cout or "").startswith(("gratuit", "numéro vert"))) for n in numeros),
        relais=relais,
        mairie_de=f"la mairie {of_town(relais.nom)}" if relais else "la mairie de votre commune",
        date=long_date(aujourdhui),
        urgent=any(n.urgences for n in numeros),
        prudence=any(b.startswith("violences/") for b in besoins),
    )


def _nearest(base: Base, service: Service, commune: str | None) -> Lieu | None:
    """The open place nearest to the commune; without commune, the only one."""
    lieux = [lieu for lieu in base.lieux_par_service.get(service.id, []) if lieu.etat not in ("projet", "etude")]
    situes = [lieu for lieu in lieux if lieu.commune]
    if commune and situes:
        return min(situes, key=lambda lieu: (base.distance(commune, lieu.commune or commune), lieu.nom))
    return lieux[0] if len(lieux) == 1 else None


def _place_name(lieu: Lieu) -> str:
    """« La Charité (crèche) »: the kind of place, when its name does not say it."""
    genre = LIEUX[lieu.type][0].split(" (")[0]
    return lieu.nom if lieu.type == "autre" or contains(lieu.nom, genre.split()[0]) else f"{lieu.nom} ({genre})"


def _lines(porte: Porte, plusieurs: bool) -> int:
    """Printed lines that a place takes, counted a little high."""
    textes = [
        porte.nom,
        f"C'est chez : {porte.chez}" if porte.chez else "",
        ", ".join(porte.adresse) or porte.ville or "",
        "Demandez" if porte.verifier else "",
        porte.telephone or "",
    ]
    return sum(-(-len(texte) // _LARGEUR) for texte in textes) + plusieurs


def _contact_address(base: Base, contact: Contact) -> tuple[str, ...]:
    """Street and town of a contact, without letter boxes; empty for an address that only takes letters."""
    if not contact.visitable:
        return ()
    rue = re.sub(r",? (?:BP|CS|TSA) ?\d+", "", contact.adresse or "")
    return tuple(x for x in (plain(base, rue), town(base, contact)) if x)


def _door(base: Base, service: Service, lieu: Lieu | None, besoin: str | None, verifier: bool, commune: str | None) -> Porte:
    structure = plain(base, base.structures[service.structure].nom)
    nom = plain(base, _place_name(lieu) if lieu else service.nom)
    ville = base.communes[lieu.commune].nom if lieu and lieu.commune else None
    adresse: tuple[str, ...] = (plain(base, lieu.adresse), f"{lieu.code_postal or ''} {ville or ''}".strip()) if lieu and lieu.adresse else ()
    contact = reach(base, service, lieu, commune)
    if not lieu and contact and contact.telephone and not (besoin or "").startswith("violences/"):
        # Where no place is known, that of the contact is where to go; a paper carries no date, so not one that nobody can call before.
        adresse = _contact_address(base, contact)
    sens = base.expanded(base.structures[service.structure].sigle or "")
    chez = None if lieu or contains(nom, structure) or contains(structure, nom) or sens and contains(nom, sens) else structure
    return Porte(
        nom[:1].upper() + nom[1:],
        chez,
        words_for(besoin).pour,
        adresse,
        ville,
        verifier and not (besoin or "").startswith("violences/"),
        contact.telephone if contact else None,
    )
