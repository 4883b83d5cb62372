"""Read the référent's CSV files into rows that remember where they come from."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from knowledge.schema import PREUVE, TABLES, Table

SOURCES = Path(__file__).parent / "sources"


@dataclass(frozen=True)
class Problem:
    """One thing to mend in the sources, said so that the référent can find the cell."""

    fichier: str
    ligne: int
    colonne: str
    message: str

    def __str__(self) -> str:
        place = f"{self.fichier}, ligne {self.ligne}" if self.ligne else self.fichier
        return f"{place}, colonne « {self.colonne} » : {self.message}" if self.colonne else f"{place} : {self.message}"


@dataclass(frozen=True)
class Row:
    """One line of a CSV: ``valeurs`` maps column to text, ``ligne`` is its number in the file (header is 1)."""

    table: str
    ligne: int
    valeurs: dict[str, str]

    def __getitem__(self, colonne: str) -> str:
        return self.valeurs[colonne]

    def liste(self, colonne: str) -> list[str]:
        return split(self.valeurs[colonne])


def split(texte: str) -> list[str]:
    """Values of a cell that may hold several, separated by ``|``."""
    return [valeur.strip() for valeur in texte.split("|") if valeur.strip()]


def header(table: Table) -> list[str]:
    return [colonne.nom for colonne in table.colonnes] + (list(PREUVE) if table.prouvee else [])


def read_table(table: Table, dossier: Path) -> tuple[list[Row], list[Problem]]:
    """Rows of one table, and what is wrong with the shape of its file."""
    chemin = dossier / f"{table.nom}.csv"
    fichier = chemin.name
    attendu = header(table)
    try:
        texte = chemin.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return [], [Problem(fichier, 0, "", "le fichier manque. Remettez-le dans le dossier des sources.")]
    except UnicodeDecodeError as erreur:
        ligne = chemin.read_bytes()[: erreur.start].count(b"\n") + 1
        return [], [Problem(fichier, ligne, "", "le fichier n'est pas en UTF-8. Enregistrez-le en « Unicode (UTF-8) ».")]
    lecteur = csv.reader(texte.splitlines(keepends=True))
    try:
        entete = next(lecteur, [])
        if entete != attendu:
            manque = [nom for nom in attendu if nom not in entete]
            en_trop = [nom for nom in entete if nom not in attendu]
            detail = "; ".join(
                morceau
                for morceau in (
                    f"colonnes absentes : {', '.join(manque)}" if manque else "",
                    f"colonnes inconnues : {', '.join(en_trop)}" if en_trop else "",
                    "l'ordre des colonnes a changé" if not manque and not en_trop else "",
                )
                if morceau
            )
            return [], [Problem(fichier, 1, "", f"{detail}. La première ligne doit être : {','.join(attendu)}")]
        lignes, problemes = [], []
        for cellules in lecteur:
            numero = lecteur.line_num
            if not any(cellule.strip() for cellule in cellules):
                continue
            if len(cellules) != len(attendu):
                problemes.append(Problem(fichier, numero, "", f"{len(cellules)} cellules au lieu de {len(attendu)}. Vérifiez les virgules et les guillemets."))
                continue
            valeurs = {nom: cellule.strip() for nom, cellule in zip(attendu, cellules, strict=True)}
            lignes.append(Row(table.nom, numero, valeurs))
        return lignes, problemes
    except csv.Error as erreur:
        return [], [Problem(fichier, lecteur.line_num, "", f"la ligne ne se lit pas ({erreur}). Vérifiez les guillemets.")]


def read_all(dossier: Path = SOURCES) -> tuple[dict[str, list[Row]], list[Problem]]:
    """Every table of the schema, in schema order, with the problems of shape."""
    tout: dict[str, list[Row]] = {}
    problemes: list[Problem] = []
    for table in TABLES:
        tout[table.nom], trouves = read_table(table, dossier)
        problemes += trouves
    return tout, problemes
