"""Read the query strings of the directory and of the person's sheet: typed values, and a French sentence for each bad one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.understanding.privacy import mask
from knowledge.annuaire import Filtres
from knowledge.base import Base
from knowledge.entrees import THEMES_DITS
from knowledge.text import fold

VOISINAGES = (5, 10, 15)
AGE_MAX = 120
_LONGUEUR_MAX = 120
_AGE = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,2})?) ?(?:ans?)?")


@dataclass
class Saisie:
    """What was typed, as typed (to show it again), and what is wrong with it."""

    q: str = ""
    theme: str = ""
    commune: str = ""
    voisins: str = ""
    age: str = ""
    messages: list[str] = field(default_factory=list)


@dataclass
class SaisieUsager:
    besoins: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    commune: str | None = None
    age: float | None = None
    age_dit: str = ""
    messages: list[str] = field(default_factory=list)


def _first(args: Mapping[str, list[str]], nom: str) -> str:
    """Without personal data: what was typed is shown again, and said in what is wrong with it."""
    valeurs = args.get(nom) or [""]
    return mask(valeurs[0].strip()[:_LONGUEUR_MAX])


def _all(args: Mapping[str, list[str]], nom: str) -> list[str]:
    """Values written ``a,b`` or repeated."""
    return list(dict.fromkeys(mask(v.strip()[:_LONGUEUR_MAX]) for brut in args.get(nom) or [] for v in brut.split(",") if v.strip()))[:12]


def read_commune(base: Base, texte: str, messages: list[str]) -> str | None:
    """The INSEE code of a commune given by code or by name."""
    if not texte:
        return None
    if texte in base.communes:
        return texte
    voulu = fold(texte)
    for commune in base.communes.values():
        if fold(commune.nom) == voulu:
            return commune.code_insee
    if any(fold(c.nom) == voulu or c.code_insee == texte for c in base.communes_hors):
        messages.append(f"« {texte} » est hors du territoire des 100 communes de l'agglomération.")
    else:
        messages.append(f"La commune « {texte} » n'est pas connue de la base.")
    return None


def read_age(texte: str, messages: list[str]) -> float | None:
    if not texte:
        return None
    lu = _AGE.fullmatch(texte.lower())
    age = float(lu[1].replace(",", ".")) if lu else -1.0
    if not 0 <= age <= AGE_MAX:
        messages.append(f"L'âge « {texte} » ne se lit pas : écrivez un nombre d'années entre 0 et {AGE_MAX}.")
        return None
    return age


def read_filters(base: Base, args: Mapping[str, list[str]]) -> tuple[Saisie, Filtres | None]:
    """The filters, or None when one of them cannot be met (the messages say which)."""
    saisie = Saisie(_first(args, "q"), _first(args, "theme"), _first(args, "commune"), _first(args, "voisins"), _first(args, "age"))
    messages = saisie.messages
    if saisie.theme and saisie.theme not in THEMES_DITS:
        messages.append(f"Le thème « {saisie.theme} » n'existe pas.")
    commune = read_commune(base, saisie.commune, messages)
    saisie.commune = commune or saisie.commune
    age = read_age(saisie.age, messages)
    voisins = 0.0
    if saisie.voisins:
        if not saisie.voisins.isascii() or not saisie.voisins.isdigit() or int(saisie.voisins[:4]) > 100:
            messages.append(f"La distance « {saisie.voisins} » ne se lit pas : écrivez un nombre de kilomètres entre 0 et 100.")
        else:
            voisins = float(saisie.voisins)
    return saisie, None if messages else Filtres(saisie.q, saisie.theme or None, commune, voisins, age)


def read_person(base: Base, args: Mapping[str, list[str]]) -> SaisieUsager:
    saisie = SaisieUsager(age_dit=_first(args, "age"))
    for besoin in _all(args, "besoins"):
        if besoin in base.besoins:
            saisie.besoins.append(besoin)
        else:
            saisie.messages.append(f"Le besoin « {besoin} » n'est pas connu de la base.")
    for service in _all(args, "services"):
        cle = service.removeprefix("service:")
        if cle not in base.services:
            saisie.messages.append(f"Le service « {service} » n'est pas connu de la base.")
        elif base.services[cle].etat in ("projet", "etude"):
            saisie.messages.append(f"« {base.services[cle].nom} » était un projet en 2021 : ce n'est pas un lieu où aller.")
        elif base.services[cle].reserve_professionnels:
            saisie.messages.append(f"« {base.services[cle].nom} » s'adresse aux agents, pas aux habitants.")
        else:
            saisie.services.append(cle)
    saisie.commune = read_commune(base, _first(args, "commune"), saisie.messages)
    saisie.age = read_age(saisie.age_dit, saisie.messages)
    return saisie
