"""What every open file comes down to: one record a place, with the means to reach it, and why a file is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from knowledge.telephone import by_pairs
from knowledge.text import fold

_COURRIEL = re.compile(r"[^@\s;,<>]+@[^@\s;,<>]+\.[^@\s;,<>]+")
_URL = re.compile(r"https?://[^\s/]+\.\S+")


class FileRefused(Exception):
    """The file is not what it should be. The message says in French which row, and why."""


class ItemRefused(Exception):
    """One item of the file is broken; the reader of the file adds its row."""


@dataclass(frozen=True)
class Externe:
    """One item of an open file, its values already in the form of the base. Texts that could not be read are in ``laisses``."""

    rang: int  # of the item in its file, from 1
    id: str  # « annuaire-… » or « di-… »: stable, it becomes the key of the contact
    nom: str
    date: str
    url: str
    mairie: bool = False  # the main town hall of its commune
    service: bool = False  # a service, matched to ours by name
    parent: str | None = None  # the structure that carries it, in the same numbering
    sigle: str | None = None
    code_insee: str | None = None
    code_postal: str | None = None
    ville: str | None = None
    adresse: str | None = None
    telephone: str | None = None
    courriel: str | None = None
    site_web: str | None = None
    horaires: str | None = None
    laisses: tuple[str, ...] = ()

    @property
    def departement(self) -> str:
        code = self.code_insee or self.code_postal or ""
        return code[:3] if code.startswith("97") else code[:2]


@dataclass(frozen=True)
class Fichier:
    """Where the records come from: what provenance keeps."""

    nom: str
    titre: str
    editeur: str
    court: str
    officielle: bool
    licence: str
    lu: str  # date of the import


class Reader:
    """Reads the values of one item, and keeps in French those that it leaves out."""

    def __init__(self) -> None:
        self.laisses: list[str] = []

    def telephone(self, texte: str | None) -> str | None:
        return self._read("téléphone", texte, by_pairs(texte or ""))

    def courriel(self, texte: str | None) -> str | None:
        return self._read("courriel", texte, texte if texte and _COURRIEL.fullmatch(texte) else None)

    def site(self, texte: str | None) -> str | None:
        return self._read("site", texte, texte if texte and _URL.fullmatch(texte) else None)

    def code_postal(self, texte: str | None) -> str | None:
        return self._read("code postal", texte, texte if texte and re.fullmatch(r"\d{5}", texte) else None)

    def _read(self, quoi: str, texte: str | None, lu: str | None) -> str | None:
        if texte and not lu:
            self.laisses.append(f"{quoi} « {texte[:60]} » non repris : il n'a pas la bonne forme")
        return lu


def iso_date(texte: str) -> str:
    """« 09/08/2023 13:30:19 » and « 2023-08-09T13:30:19 » give « 2023-08-09 ». Raises ItemRefused."""
    jour = texte.strip()[:10]
    for forme in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(jour, forme).date().isoformat()
        except ValueError:
            continue
    raise ItemRefused(f"la date « {texte[:40]} » ne se lit pas (attendu : AAAA-MM-JJ ou JJ/MM/AAAA)")


def text(objet: dict, champ: str, requis: bool = False) -> str | None:
    """A text of an item, None when empty. Raises ItemRefused when it must be there, or is no text."""
    valeur = objet.get(champ)
    if valeur is not None and not isinstance(valeur, str | int | float):
        raise ItemRefused(f"le champ « {champ} » n'est pas un texte")
    lu = "".join(c for c in " ".join(str(valeur).split()) if c.isprintable()) if valeur is not None else ""
    if requis and not lu:
        raise ItemRefused(f"le champ « {champ} » manque ou est vide")
    return lu or None


def slug(texte: str) -> str:
    return fold(texte).replace(" ", "-")


def records(
    chemin: Path,
    objets: Iterable[tuple[int, dict]],
    lire: Callable[[int, dict], Externe],
    nomme: Callable[[dict, Externe], str],
    ou: str = "élément",
    article: str = "l'",
) -> Iterator[Externe]:
    """The items of a file as records, each identifier once. Raises FileRefused with the row (``ou``, after ``article``) and the reason."""
    vus: dict[str, int] = {}
    for rang, objet in objets:
        try:
            externe = lire(rang, objet)
        except ItemRefused as refus:
            raise FileRefused(f"{chemin.name}, {ou} {rang} : {refus}.") from None
        if externe.id in vus:
            raise FileRefused(f"{chemin.name}, {ou} {rang} : l'identifiant « {nomme(objet, externe)} » est déjà à {article}{ou} {vus[externe.id]}.")
        vus[externe.id] = rang
        yield externe
    if not vus:
        raise FileRefused(f"{chemin.name} : la liste est vide.")
