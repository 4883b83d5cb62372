"""The same sources give the same base, byte for byte, so that a base can be compared and signed."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.build import ROOT, build


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    """A second base from the same sources, and what its build returned."""
    chemin = tmp_path_factory.mktemp("seconde") / "autre-nom.db"
    return chemin, build(chemin)


def dump(chemin: Path) -> list[str]:
    connexion = sqlite3.connect(f"{chemin.as_uri()}?mode=ro", uri=True)
    try:
        return list(connexion.iterdump())
    finally:
        connexion.close()


def test_two_builds_give_the_same_bytes(base_path, second):
    assert second[0].read_bytes() == base_path.read_bytes()


def test_two_builds_give_the_same_dump(base_path, second):
    premier = dump(base_path)
    assert len(premier) > 10_000
    assert dump(second[0]) == premier


def test_a_copy_of_the_sources_built_over_a_base_gives_the_same_bytes(base_path, sources, tmp_path):
    chemin = tmp_path / "knowledge.db"
    chemin.write_bytes(base_path.read_bytes() * 2)
    build(chemin, sources)
    assert chemin.read_bytes() == base_path.read_bytes()


def test_another_process_with_other_hashes_gives_the_same_bytes(base_path, tmp_path):
    chemin = tmp_path / "autre.db"
    environnement = {**os.environ, "PYTHONHASHSEED": "4242"}
    subprocess.run([sys.executable, "-m", "knowledge", "build", "--base", str(chemin)], cwd=ROOT, env=environnement, check=True, capture_output=True)
    assert chemin.read_bytes() == base_path.read_bytes()


def test_another_cell_gives_other_bytes(base_path, sheets, tmp_path):
    sheets.write("chiffre", 2, note="Une autre note.")
    build(tmp_path / "autre.db", sheets.dossier)
    assert (tmp_path / "autre.db").read_bytes() != base_path.read_bytes()


def test_the_build_returns_the_number_of_rows_of_each_table(second, sheets):
    chemin, comptes = second
    assert comptes["commune"] == 100
    assert comptes == {table: len(sheets.read(table)) - 1 for table in comptes}
    connexion = sqlite3.connect(chemin)
    assert comptes == {table: connexion.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in comptes}
    connexion.close()
