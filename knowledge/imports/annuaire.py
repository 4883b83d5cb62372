"""The State's « annuaire de l'administration » (DILA), as its daily file or as its API exports it.

Format read in public code that uses it, as no published schema could be opened here: the daily file is ``{"service": [...]}`` with
real lists (test fixtures of MTES-MCT/acceslibre and of gip-inclusion/data-inclusion; file name ``AAAA-MM-JJ_HHMMSS-data.gouv_local.json``
inside ``all_latest.tar.bz2``); the API export (``api-lannuaire-administration``) is a list whose nested fields are JSON texts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from knowledge.imports.record import Externe, ItemRefused, Reader, iso_date, records, text
from knowledge.imports.stream import json_items

PAGE = "https://lannuaire.service-public.fr/"


def read_annuaire(chemin: Path) -> Iterator[Externe]:
    """Every item of the file. Raises FileRefused with the row and the reason."""
    yield from records(chemin, json_items(chemin), _record, lambda objet, externe: externe.id)


def _record(rang: int, objet: dict) -> Externe:
    lire = Reader()
    adresses = _objects(objet, "adresse")
    # A service may have a second address, where only letters go.
    adresse = next((a for a in adresses if a.get("type_adresse") == "Adresse"), adresses[0] if adresses else {})
    pivots = _objects(objet, "pivot")
    code = text(objet, "code_insee_commune")
    if not code and len(pivots) == 1:
        codes = pivots[0].get("code_insee_commune") or []
        code = codes[0] if isinstance(codes, list) and len(codes) == 1 else None
    date = text(objet, "date_modification") or text(objet, "date_creation")
    if date is None:
        raise ItemRefused("le champ « date_modification » manque ou est vide")
    nom = text(objet, "nom", requis=True) or ""
    cle = text(objet, "id", requis=True) or ""
    if not re.fullmatch(r"[\w-]+", cle):
        raise ItemRefused(f"l'identifiant « {cle[:60]} » n'a pas la bonne forme")
    return Externe(
        rang=rang,
        id=f"annuaire-{cle}",
        nom=nom,
        date=iso_date(date),
        url=lire.site(text(objet, "url_service_public")) or PAGE,
        mairie=any(p.get("type_service_local") == "mairie" for p in pivots) and "délégu" not in nom.lower(),
        sigle=text(objet, "sigle"),
        code_insee=code,
        code_postal=lire.code_postal(text(adresse, "code_postal")),
        ville=text(adresse, "nom_commune"),
        adresse=", ".join(x for x in (text(adresse, champ) for champ in ("complement1", "complement2", "numero_voie")) if x) or None,
        telephone=lire.telephone(_first_value(objet, "telephone")),
        courriel=lire.courriel(_first_value(objet, "adresse_courriel")),
        site_web=lire.site(_first_value(objet, "site_internet")),
        horaires=hours(_objects(objet, "plage_ouverture")),
        laisses=tuple(lire.laisses),
    )


def _list(objet: dict, champ: str) -> list:
    """A list, written as such or as a JSON text."""
    valeur = objet.get(champ)
    if isinstance(valeur, str) and valeur.lstrip()[:1] in ("[", "{"):
        try:
            valeur = json.loads(valeur)
        except json.JSONDecodeError:
            raise ItemRefused(f"le champ « {champ} » porte un JSON abîmé") from None
    if valeur in (None, ""):
        return []
    if isinstance(valeur, dict):
        return [valeur]
    if isinstance(valeur, list):
        return valeur
    if isinstance(valeur, str):
        return valeur.split(";")
    raise ItemRefused(f"le champ « {champ} » n'est pas une liste")


def _objects(objet: dict, champ: str) -> list[dict]:
    valeurs = _list(objet, champ)
    if any(not isinstance(valeur, dict) for valeur in valeurs):
        raise ItemRefused(f"le champ « {champ} » n'est pas une liste d'objets")
    return valeurs


def _first_value(objet: dict, champ: str) -> str | None:
    """First of a list of texts, or of objects that carry a « valeur »."""
    for valeur in _list(objet, champ):
        lu = text(valeur, "valeur") if isinstance(valeur, dict) else text({champ: valeur}, champ)
        if lu:
            return lu
    return None


def hours(plages: list[dict]) -> str | None:
    """« lundi au vendredi 9h-12h et 14h-17h30 ; samedi 9h-12h »."""
    lignes = []
    for plage in plages:
        debut, fin = ((text(plage, champ) or "").lower() for champ in ("nom_jour_debut", "nom_jour_fin"))
        jours = debut if not fin or fin == debut else f"{debut} au {fin}"
        heures = []
        for n in (1, 2):
            de, a = (_hour(text(plage, f"valeur_heure_{bord}_{n}")) for bord in ("debut", "fin"))
            if de and a:
                heures.append(f"{de}-{a}")
        mot = text(plage, "commentaire")
        if jours and heures:
            lignes.append(f"{jours} {' et '.join(heures)}{f' ({mot.rstrip(chr(46))})' if mot else ''}")
    return " ; ".join(lignes) or None


def _hour(texte: str | None) -> str | None:
    """« 09:00:00 » gives « 9h », « 13:30:00 » gives « 13h30 »."""
    if not texte:
        return None
    heure, _, reste = texte.partition(":")
    if not heure.isdecimal() or not reste[:2].isdecimal():
        return None
    return f"{int(heure)}h{reste[:2] if reste[:2] != '00' else ''}"
