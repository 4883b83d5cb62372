"""Measure the masking of personal data and write it in docs/confidentialite.md: ``python -m bench.vie_privee``."""

from __future__ import annotations

import csv
import datetime
from dataclasses import dataclass
from pathlib import Path

from bot.understanding.privacy import mask
from knowledge.build import ROOT
from knowledge.docs import replace_block

DOC = ROOT / "docs" / "confidentialite.md"
DONNEES = ROOT / "tests" / "donnees"
FICHIERS = ("vie_privee.csv", "vie_privee_2.csv", "vie_privee_3.csv")
JOUR = datetime.date(2026, 11, 24)


@dataclass(frozen=True)
class Ligne:
    texte: str
    secrets: tuple[str, ...]  # what must go
    garder: tuple[str, ...]  # what must stay


def read(chemin: Path) -> list[Ligne]:
    def parts(cellule: str) -> tuple[str, ...]:
        return tuple(bout for bout in cellule.split("|") if bout)

    with open(chemin, encoding="utf-8", newline="") as fichier:
        return [Ligne(rangee["texte"], parts(rangee["secrets"]), parts(rangee["garder"])) for rangee in csv.DictReader(fichier)]


def leaked(ligne: Ligne) -> list[str]:
    masque = mask(ligne.texte, JOUR).lower()
    return [secret for secret in ligne.secrets if secret.lower() in masque]


def damaged(ligne: Ligne) -> list[str]:
    masque = mask(ligne.texte, JOUR)
    return [mots for mots in ligne.garder if mots not in masque]


def table() -> str:
    rangees = ["| fichier | messages avec des données | fuites | sosies | sosies abîmés |", "| --- | ---: | ---: | ---: | ---: |"]
    for nom in FICHIERS:
        lignes = read(DONNEES / nom)
        avec = [ligne for ligne in lignes if ligne.secrets]
        sosies = [ligne for ligne in lignes if not ligne.secrets]
        rangees.append(f"| `{nom}` | {len(avec)} | {sum(bool(leaked(x)) for x in avec)} | {len(sosies)} | {sum(bool(damaged(x)) for x in sosies)} |")
    return "\n".join(rangees)


def main() -> int:
    DOC.write_text(replace_block(DOC.read_text(encoding="utf-8"), "mesure", table()), encoding="utf-8")
    print(f"{DOC.relative_to(ROOT)} est à jour.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
