"""Read the référent's CSV files into rows that remember where they come from."""

from __future__ import annotations

import csv
import io
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

    def preuves(self) -> list[tuple[str, str, str]]:
        """Source, line and words of each proof. One source, or no line at all, holds for every quotation.

        Raises ValueError when the three cells do not hold as many values.
        """
        sources, lignes, citations = self.liste("source"), self["ligne"].split("|"), self["citation"].split("|")
        if len(sources) == 1:
            sources *= len(citations)
        if not self["ligne"]:
            lignes *= len(citations)
        return list(zip(sources, (numero.strip() for numero in lignes), (citation.strip() for citation in citations), strict=True))


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
        texte = chemin.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return [], [Problem(fichier, 0, "", "le fichier manque. Remettez-le dans le dossier des sources.")]
    except OSError:
        return [], [Problem(fichier, 0, "", "le fichier ne s'ouvre pas. Vérifiez que vous avez le droit de le lire.")]
    except UnicodeDecodeError as erreur:
        ligne = erreur.object[: erreur.start].count(b"\n") + 1
        return [], [Problem(fichier, ligne, "", "le fichier n'est pas en UTF-8. Enregistrez-le en « Unicode (UTF-8) ».")]
    lignes: list[Row] = []
    problemes: list[Problem] = []
    numero = 1  # as a spreadsheet counts: a cell of two lines is one row
    # Strict: else a quote left open swallows every row below.
    lecteur = csv.reader(io.StringIO(texte, newline=""), strict=True)
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
        while (cellules := next(lecteur, None)) is not None:
            numero += 1
            if not any(cellule.strip() for cellule in cellules):
                continue
            if len(cellules) != len(attendu):
                problemes.append(Problem(fichier, numero, "", f"{len(cellules)} cellules au lieu de {len(attendu)}. Vérifiez les virgules et les guillemets."))
                continue
            valeurs = {nom: cellule.strip() for nom, cellule in zip(attendu, cellules, strict=True)}
            lignes.append(Row(table.nom, numero, valeurs))
        return lignes, problemes
    except csv.Error:
        return [], [*problemes, Problem(fichier, numero + 1, "", "la ligne ne se lit pas. Vérifiez les virgules et les guillemets.")]


def read_all(dossier: Path = SOURCES) -> tuple[dict[str, list[Row]], list[Problem]]:
    """Every table of the schema, in schema order, with the problems of shape."""
    tout: dict[str, list[Row]] = {}
    problemes: list[Problem] = []
    for table in TABLES:
        tout[table.nom], trouves = read_table(table, dossier)
        problemes += trouves
    return tout, problemes
