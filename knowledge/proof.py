"""Re-read the document: each quoted word must stand at its line."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from knowledge.reading import Problem, Row
from knowledge.schema import TABLES

DOCUMENT = "ctg-2021"


def reread(tout: dict[str, list[Row]], chemin: Path) -> tuple[str, list[Problem]]:
    """Markdown report with counts by table, and every citation that is not where it says.

    ``chemin``: the text of the convention, UTF-8, lines numbered from 1. Raises OSError or UnicodeDecodeError when it cannot be read.
    """
    lignes = [_flat(ligne) for ligne in chemin.read_text(encoding="utf-8").split("\n")]
    problemes: list[Problem] = []
    comptes: Counter[str] = Counter()
    autres: Counter[str] = Counter()
    for table in TABLES:
        if not table.prouvee:
            continue
        for ligne in tout[table.nom]:
            for source, numero, citation in ligne.preuves():
                if source != DOCUMENT:
                    autres[table.nom] += 1
                    continue
                comptes[table.nom] += 1
                n = int(numero or 0)
                if not 1 <= n <= len(lignes) or _flat(citation) not in lignes[n - 1]:
                    problemes.append(Problem(f"{table.nom}.csv", ligne.ligne, "citation", f"« {citation} » n'est pas à la ligne {numero} du document."))
    corps = ["# Preuve : la base relue contre la convention", "", "Produit par `python -m knowledge check --source TEXTE --rapport docs/preuve.md`.", ""]
    corps += ["| table | lignes | citations du document relues | citations d'autres sources | introuvables |", "| --- | ---: | ---: | ---: | ---: |"]
    fautes = Counter(probleme.fichier.removesuffix(".csv") for probleme in problemes)
    for table in TABLES:
        if table.prouvee:
            corps.append(f"| {table.nom} | {len(tout[table.nom])} | {comptes[table.nom]} | {autres[table.nom]} | {fautes[table.nom]} |")
    total = sum(len(tout[table.nom]) for table in TABLES if table.prouvee)
    corps.append(f"| **total** | **{total}** | **{sum(comptes.values())}** | **{sum(autres.values())}** | **{len(problemes)}** |")
    corps += [
        "",
        "Une citation est retrouvée si ses mots sont à la ligne dite, aux espaces près. Les lectures abîmées sont citées telles quelles ;",
        "leur sens rétabli est dans la table `correction`.",
        "",
    ]
    return "\n".join(corps), problemes


def _flat(texte: str) -> str:
    return re.sub(r"\s+", " ", texte).strip()
