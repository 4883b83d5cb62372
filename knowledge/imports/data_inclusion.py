"""data.inclusion v1: structures or services, as CSV or JSON (fields of the package ``data-inclusion-schema`` 1.0.10)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from knowledge.imports.record import Externe, Reader, iso_date, records, slug, text
from knowledge.imports.stream import csv_items, json_items

PAGE = "https://data.inclusion.gouv.fr/"
_REQUIS = ("source", "id", "nom", "date_maj")
_JOURS = {"Mo": "lundi", "Tu": "mardi", "We": "mercredi", "Th": "jeudi", "Fr": "vendredi", "Sa": "samedi", "Su": "dimanche"}
_REGLE = re.compile(r"(?P<jours>[A-Z][a-z](?:[-,][A-Z][a-z])*) (?P<heures>\d\d:\d\d-\d\d:\d\d(?:,\d\d:\d\d-\d\d:\d\d)*)")


def read_data_inclusion(chemin: Path) -> Iterator[Externe]:
    """Every item of the file. Raises FileRefused with the row and the reason."""
    csv = chemin.suffix.lower() == ".csv"
    objets = csv_items(chemin, _REQUIS) if csv else json_items(chemin)
    ou, article = ("ligne", "la ") if csv else ("élément", "l'")
    yield from records(chemin, objets, _record, lambda objet, externe: objet["id"], ou, article)


def _record(rang: int, objet: dict) -> Externe:
    lire = Reader()
    _, cle, nom, date = (text(objet, champ, requis=True) or "" for champ in _REQUIS)
    parent = text(objet, "structure_id", requis="structure_id" in objet)
    horaires = french_hours(brut) if (brut := text(objet, "horaires_accueil")) else None
    if brut and not horaires:
        lire.laisses.append(f"horaires « {brut[:60]} » non repris : forme inconnue")
    return Externe(
        rang=rang,
        id=_key(cle, service=parent is not None),
        nom=nom,
        date=iso_date(date),
        url=lire.site(text(objet, "lien_source")) or PAGE,
        service=parent is not None,
        parent=_key(parent) if parent else None,
        code_insee=text(objet, "code_insee"),
        code_postal=lire.code_postal(text(objet, "code_postal")),
        ville=text(objet, "commune"),
        adresse=", ".join(x for x in (text(objet, "adresse"), text(objet, "complement_adresse")) if x) or None,
        telephone=lire.telephone(text(objet, "telephone")),
        courriel=lire.courriel(text(objet, "courriel")),
        site_web=lire.site(text(objet, "site_web")),
        horaires=horaires,
        laisses=tuple(lire.laisses),
    )


def _key(cle: str, service: bool = False) -> str:
    return f"di-{'service-' if service else ''}{slug(cle)}"


def french_hours(osm: str) -> str | None:
    """« Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00 » in words; None when it says more than days and hours."""
    lignes = []
    for regle in filter(None, (morceau.strip() for morceau in osm.split(";"))):
        trouve = _REGLE.fullmatch(regle)
        if trouve is None or any(jour not in _JOURS for jour in re.findall(r"[A-Z][a-z]", trouve["jours"])):
            return None
        groupes = [" au ".join(_JOURS[jour] for jour in groupe.split("-")) for groupe in trouve["jours"].split(",")]
        heures = re.sub(r"(\d\d):(\d\d)", lambda h: f"{int(h[1])}h{h[2] if h[2] != '00' else ''}", trouve["heures"]).replace(",", " et ")
        lignes.append(f"{', '.join(groupes)} {heures}")
    return " ; ".join(lignes) or None
