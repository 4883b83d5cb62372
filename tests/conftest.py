"""What every test shares: a copy of the sources to break, and the base built once."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from knowledge.base import Base
from knowledge.build import build
from knowledge.check import check, check_sigles
from knowledge.reading import SOURCES, Problem, read_all

pytest_plugins = ["tests.conftest_understanding", "tests.serveur_souche"]


class Sheets:
    """The CSV files of a folder, edited as the référent does: table, row number (the header is 1), column."""

    def __init__(self, dossier: Path) -> None:
        self.dossier = dossier

    def read(self, table: str) -> list[list[str]]:
        """Every row, header first, so that row ``n`` is ``read(table)[n - 1]``."""
        with open(self.dossier / f"{table}.csv", encoding="utf-8", newline="") as fichier:
            return list(csv.reader(fichier))

    def save(self, table: str, lignes: list[list[str]]) -> None:
        with open(self.dossier / f"{table}.csv", "w", encoding="utf-8", newline="") as fichier:
            csv.writer(fichier, lineterminator="\n").writerows(lignes)

    def row(self, table: str, numero: int) -> dict[str, str]:
        lignes = self.read(table)
        return dict(zip(lignes[0], lignes[numero - 1], strict=True))

    def find(self, table: str, voulu: Callable[[dict[str, str]], object]) -> int:
        """Number of the first row that suits."""
        lignes = self.read(table)
        for numero, cellules in enumerate(lignes[1:], 2):
            if voulu(dict(zip(lignes[0], cellules, strict=True))):
                return numero
        raise LookupError(f"{table}.csv: no row suits")

    def write(self, table: str, numero: int, **valeurs: str) -> None:
        lignes = self.read(table)
        for colonne, valeur in valeurs.items():
            lignes[numero - 1][lignes[0].index(colonne)] = valeur
        self.save(table, lignes)

    def add(self, table: str, comme: int, **valeurs: str) -> int:
        """Append a copy of the row ``comme`` with some cells changed; its number."""
        lignes = self.read(table)
        self.save(table, [*lignes, list(lignes[comme - 1])])
        self.write(table, len(lignes) + 1, **valeurs)
        return len(lignes) + 1

    def shorten(self) -> Sheets:
        """Cut the two longest lists, which no other table needs, for a quicker check and build."""
        for table in ("commune_hors", "indice"):
            self.save(table, self.read(table)[:100])
        return self

    def problems(self) -> list[Problem]:
        """What ``knowledge check`` finds."""
        tout, problemes = read_all(self.dossier)
        return problemes or check(tout) + check_sigles(tout)


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of the project's sources."""
    return Path(shutil.copytree(SOURCES, tmp_path / "sources"))


@pytest.fixture
def sheets(sources: Path) -> Sheets:
    """The same copy, with the means to edit it."""
    return Sheets(sources)


@pytest.fixture(scope="session")
def base_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The base built from the project's sources. Read it, never write in it."""
    chemin = tmp_path_factory.mktemp("base") / "knowledge.db"
    build(chemin)
    return chemin


@pytest.fixture(scope="session")
def base(base_path: Path) -> Iterator[Base]:
    ouverte = Base.open(base_path)
    yield ouverte
    ouverte.close()
