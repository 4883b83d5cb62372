"""Whom to call: the contacts of a structure or of a place, the best first, and where two pages disagree."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from knowledge.base import Base, Contact, MiseAJour
from knowledge.text import fold
from knowledge.trust import INCONNU, dated

_MOYENS = ("telephone", "adresse", "courriel", "site_web", "horaires_accueil")
_RANGS = {"contact": 0, "commune": 1, "numero_structure": 2}
_MEME_RUE = 85  # two writings of one street: « Hôtel communautaire, 100 avenue de Londres » and « 100, av. de Londres »
_ABREGES = {"r": "rue", "av": "avenue", "bd": "boulevard", "bld": "boulevard", "pl": "place", "rte": "route", "st": "saint", "ste": "sainte", "dr": "docteur"}
_BOITE = re.compile(r"\b(?:bp|cs|tsa) ?\d+|\bcedex(?: \d+)?")  # a letter box is no other place
_VIDES = frozenset("a au aux d de des du et l la le les".split())


@dataclass(frozen=True)
class Desaccord:
    """Pages that state different telephones or addresses for the same place: all are shown."""

    champ: str  # « telephone » or « adresse »
    contacts: tuple[Contact, ...]


def contacts_of(base: Base, structure: str | None, lieu: str | None = None, commune: str | None = None, service: str | None = None) -> list[Contact]:
    """Contacts of a structure, or of one of its places: its own first, then the mairie that answers for it, then a national number.

    Of each kind official first, then newest; what is said twice is said once.

    With a place, those that speak of it come first, then those of its structure that no other town limits. With a service, those that
    stand for it alone come first, and those of other services are left out; without, those of single services come last. With the
    commune of the person, those of that commune come first, before the official ones of elsewhere.
    """
    if lieu:
        sienne = base.lieux[lieu].commune if lieu in base.lieux else None
        possibles = [*base.contacts_par_structure.get(structure or "", ()), *(c for c in base.contacts_par_lieu.get(lieu, ()) if c.structure != structure)]
        trouves = [c for c in possibles if c.lieu == lieu or (not c.lieu and c.commune in (None, sienne))]
    else:
        trouves = list(base.contacts_par_structure.get(structure or "", ()))
    if service or lieu:
        trouves = [c for c in trouves if c.service in (None, service)]
    ordre = sorted(sorted(trouves, key=lambda c: c.id), key=lambda c: c.date, reverse=True)
    ordre.sort(
        key=lambda c: (
            c.service != service,
            lieu is not None and c.lieu != lieu,
            commune is not None and c.commune != commune,
            _RANGS[c.origine],
            not c.officielle,
        )
    )
    return _said_once(ordre)


def main_contact(contacts: Iterable[Contact]) -> Contact | None:
    """The contact with a telephone that stands for the whole structure; when each of its places has its own, a national number or None."""
    entiers = [c for c in contacts if c.telephone and not c.service]
    joignables = [c for c in entiers if c.origine != "numero_structure"]
    if len({_place(c) for c in joignables}) > 1:
        joignables = [c for c in joignables if not c.lieu and not c.nom and not c.commune]
    nationaux = [c for c in entiers if c.origine == "numero_structure"]
    return next(iter(joignables or nationaux), None)


def town(base: Base, contact: Contact) -> str:
    """« 62400 Béthune »; empty when its street already says it, as the addresses of mairies do."""
    if not contact.commune or re.search(r", \d{5} ", contact.adresse or ""):
        return ""
    return f"{contact.code_postal or ''} {base.communes[contact.commune].nom}".strip()


def confiance_mairie(base: Base, code_insee: str) -> str:
    """The label of the mairie's contact: that of the newest page that states its row."""
    sources = [base.sources[p.source] for p in base.provenance("commune", code_insee)]
    return max(sources, key=lambda s: s.date).confiance


def disagreements(contacts: Iterable[Contact]) -> list[Desaccord]:
    """Where pages state different numbers or streets for the same place."""
    groupes: dict[tuple[str, ...], list[Contact]] = defaultdict(list)
    for contact in contacts:
        groupes[_place(contact)].append(contact)
    trouves = []
    for groupe in groupes.values():
        for champ, pareils in (("telephone", same_number), ("adresse", same_street)):
            distincts: list[Contact] = []
            for contact in groupe:
                valeur = getattr(contact, champ)
                if valeur and not any(pareils(valeur, getattr(x, champ)) for x in distincts):
                    distincts.append(contact)
            if len({c.source for c in distincts}) > 1:
                trouves.append(Desaccord(champ, tuple(distincts)))
    return trouves


def confiance(contact: Contact | None) -> str:
    """The label that every contact line carries."""
    return contact.confiance if contact else INCONNU


def mises_a_jour_of(base: Base, service: str | None = None, structure: str | None = None, lieu: str | None = None) -> list[MiseAJour]:
    """What changed since the convention for a service, a structure or a place; newest first."""
    trouves = [m for m in base.mises_a_jour if service and m.service == service or structure and m.structure == structure or lieu and m.lieu == lieu]
    return sorted(trouves, key=lambda m: (m.date, m.id), reverse=True)


def quand(base: Base, maj: MiseAJour) -> str:
    """« janvier 2026 », or « non datée, lue en novembre 2026 » when the update carries the day its page was read."""
    return dated(maj.date, base.sources[maj.source].date_consultation)


def _place(contact: Contact) -> tuple[str, ...]:
    """What tells two places of one structure apart."""
    return (contact.lieu,) if contact.lieu else (contact.structure or "", contact.service or "", fold(contact.nom or ""), contact.commune or "")


def _said_once(contacts: list[Contact]) -> list[Contact]:
    """Of several pages on one place, each thing under the first that says it; a page that says nothing more is left out."""
    gardes: list[Contact] = []
    for contact in contacts:
        memes = [c for c in gardes if _place(c) == _place(contact)]
        redits = {champ: None for champ in _MOYENS if (valeur := getattr(contact, champ)) and any(_same(champ, valeur, getattr(c, champ)) for c in memes)}
        if redits.keys() < {champ for champ in _MOYENS if getattr(contact, champ)}:
            gardes.append(replace(contact, **redits, **({"code_postal": None} if "adresse" in redits else {})))  # type: ignore[arg-type]
    return gardes


def _same(champ: str, a: str, b: str | None) -> bool:
    if not b:
        return False
    if champ == "telephone":
        return same_number(a, b)
    return same_street(a, b) if champ == "adresse" else fold(a) == fold(b) or champ == "horaires_accueil"


def same_number(a: str, b: str) -> bool:
    return re.sub(r"\D", "", a) == re.sub(r"\D", "", b)


def same_street(a: str, b: str) -> bool:
    """Same house number, if both have one, and the same words or nearly."""
    a, b = (_BOITE.sub(" ", fold(x)) for x in (a, b))
    mots_a, mots_b = ([_ABREGES.get(m, m) for m in fold(x).split() if m not in _VIDES] for x in (a, b))
    numeros_a, numeros_b = ({m for m in mots if m.isdecimal()} for mots in (mots_a, mots_b))
    if numeros_a and numeros_b and not numeros_a & numeros_b:
        return False
    return fuzz.token_set_ratio(" ".join(mots_a), " ".join(mots_b)) >= _MEME_RUE
