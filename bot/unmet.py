"""Needs that the base could not meet, counted by day, theme and commune: never a word of what was typed.

The référent reads them with ``python -m bot besoins`` to know what the base lacks.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge.base import Base
from knowledge.request import Cadre, Compris, Reponse

FICHIER = "besoins_non_couverts.db"
_RAISONS = {
    "inconnu": "fait absent de la base",
    "tarif": "prix absent de la base",
    "hors_territoire": "commune hors du territoire",
    "hors_sujet": "hors du sujet de la base",
    "recherche": "demande non comprise",
}
_TABLE = """
CREATE TABLE IF NOT EXISTS besoin_non_couvert (
    jour TEXT NOT NULL, theme TEXT NOT NULL, code_insee TEXT NOT NULL, raison TEXT NOT NULL, nombre INTEGER NOT NULL,
    PRIMARY KEY (jour, theme, code_insee, raison)
) STRICT, WITHOUT ROWID
"""


@dataclass(frozen=True)
class Manque:
    theme: str
    code_insee: str
    raison: str
    nombre: int


def reason(reponse: Reponse) -> str | None:
    """Why an answer leaves a need unmet; None when it does not."""
    genre = reponse.custom.get("kind")
    if genre == "orientation" and not reponse.custom.get("propositions"):
        return "aucune porte dans la base"
    return _RAISONS.get(str(genre))


def count(dossier: Path, base: Base, compris: Compris, cadre: Cadre, reponse: Reponse, jour: date) -> None:
    """Add one to the count of an unmet need. A disk that refuses costs the count, never the answer."""
    raison = reason(reponse)
    if raison is None:
        return
    besoins = cadre.besoins or tuple(b.id for b in compris.besoins[:1])
    theme = base.besoins[besoins[0]].theme if besoins and besoins[0] in base.besoins else "non dit"
    commune = compris.commune or cadre.commune or ""
    try:
        dossier.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(dossier / FICHIER, timeout=1)) as connexion, connexion:
            connexion.execute(_TABLE)
            connexion.execute(
                "INSERT INTO besoin_non_couvert VALUES (?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET nombre = nombre + 1",
                (jour.isoformat(), theme, commune if commune in base.communes else "", raison),
            )
    except (sqlite3.Error, OSError):
        return


def read(dossier: Path) -> list[Manque]:
    """Counts of all days, most frequent first; nothing when none was counted."""
    if not (dossier / FICHIER).exists():
        return []
    with closing(sqlite3.connect(dossier / FICHIER)) as connexion:
        lignes = connexion.execute("SELECT theme, code_insee, raison, sum(nombre) FROM besoin_non_couvert GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3").fetchall()
    return [Manque(*ligne) for ligne in lignes]
