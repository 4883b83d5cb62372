"""A build publishes a whole base in one rename, or changes nothing."""

from __future__ import annotations

import gc
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

import knowledge.build
from knowledge.base import Base
from knowledge.build import ROOT, SourcesRefused, build

ANCIENNE = b"l'ancienne base"

# Builds up to the views, says so, and waits to be stopped.
LENTE = """
import sys, time
from pathlib import Path
import knowledge.build
def attendre(connexion):
    print("pret", flush=True)
    time.sleep(60)
knowledge.build._views = attendre
knowledge.build.build(Path(sys.argv[1]))
"""


@pytest.fixture
def destination(tmp_path: Path) -> Path:
    """A folder of its own that holds only a former base."""
    chemin = tmp_path / "publiee" / "knowledge.db"
    chemin.parent.mkdir()
    chemin.write_bytes(ANCIENNE)
    return chemin


def untouched(destination: Path) -> bool:
    gc.collect()  # a connection still referred to by an exception keeps its journal
    return destination.read_bytes() == ANCIENNE and list(destination.parent.iterdir()) == [destination]


def heard() -> None:
    """A test run in the background ignores Ctrl-C, and its children with it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def stop_midway(destination: Path, signe: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LENTE, str(destination)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heard
    ) as processus:
        try:
            assert processus.stdout is not None
            assert processus.stdout.readline() == "pret\n"
            assert len(list(destination.parent.iterdir())) > 1, "the build writes beside the base before it is stopped"
            processus.send_signal(signe)
            processus.communicate(timeout=20)
        finally:
            processus.kill()


def test_a_build_makes_its_folder_and_leaves_one_file_that_everyone_can_read(tmp_path):
    chemin = tmp_path / "un" / "deux" / "knowledge.db"
    avant = os.umask(0o077)
    try:
        build(chemin)
    finally:
        os.umask(avant)
    assert list(chemin.parent.iterdir()) == [chemin]
    assert chemin.read_bytes().startswith(b"SQLite format 3\0")
    assert chemin.stat().st_mode & 0o777 == 0o644


def test_a_build_replaces_the_former_base_within_five_seconds(destination):
    debut = time.perf_counter()
    build(destination)
    assert time.perf_counter() - debut < 5
    assert destination.read_bytes().startswith(b"SQLite format 3\0")
    assert list(destination.parent.iterdir()) == [destination]


def test_a_broken_cell_leaves_the_former_base_and_names_the_cell(sheets, destination):
    sheets.write("service", 12, etat="ouvert")
    with pytest.raises(SourcesRefused, match=r"service\.csv, ligne 12, colonne « etat » : « ouvert » n'est pas permis"):
        build(destination, sheets.dossier)
    assert untouched(destination)


def test_a_missing_file_leaves_the_former_base_and_names_the_file(sources, destination):
    (sources / "sigle.csv").unlink()
    with pytest.raises(SourcesRefused, match=r"sigle\.csv : le fichier manque"):
        build(destination, sources)
    assert untouched(destination)


def test_a_sigle_without_its_words_leaves_the_former_base(sheets, destination):
    sheets.write("fait", 9, texte="Le ZZQX reçoit le lundi.")
    with pytest.raises(SourcesRefused, match=r"fait\.csv, ligne 9, colonne « texte » : le sigle « ZZQX »"):
        build(destination, sheets.dossier)
    assert untouched(destination)


def test_broken_sources_publish_nothing_where_there_was_no_base(sheets, tmp_path):
    sheets.write("service", 12, etat="ouvert")
    with pytest.raises(SourcesRefused):
        build(tmp_path / "neuf" / "knowledge.db", sheets.dossier)
    assert not (tmp_path / "neuf" / "knowledge.db").exists()


@pytest.mark.parametrize(("etape", "arret"), [("_insert", MemoryError), ("_index", sqlite3.OperationalError), ("_views", KeyboardInterrupt)])
def test_an_interrupted_build_leaves_the_former_base_and_no_other_file(destination, monkeypatch, etape, arret):
    def interrompre(*_: object) -> None:
        raise arret

    monkeypatch.setattr(knowledge.build, etape, interrompre)
    with pytest.raises(arret):
        build(destination)
    assert untouched(destination)


def test_a_build_that_cannot_take_the_place_leaves_it_and_no_other_file(tmp_path):
    """Here a folder that is not empty stands where the base should go."""
    occupant = tmp_path / "publiee" / "knowledge.db" / "occupant"
    occupant.parent.mkdir(parents=True)
    occupant.write_bytes(ANCIENNE)
    with pytest.raises(OSError, match=r"knowledge\.db"):
        build(occupant.parent)
    gc.collect()
    assert sorted((tmp_path / "publiee").rglob("*")) == [occupant.parent, occupant]


def test_a_build_stopped_by_ctrl_c_leaves_the_former_base_and_no_other_file(destination):
    stop_midway(destination, signal.SIGINT)
    assert untouched(destination)


def test_a_build_stopped_by_the_system_leaves_no_other_file(destination):
    stop_midway(destination, signal.SIGTERM)
    assert untouched(destination)


def test_a_build_killed_by_the_system_leaves_the_former_base(destination):
    stop_midway(destination, signal.SIGKILL)
    assert destination.read_bytes() == ANCIENNE


def test_a_base_already_open_goes_on_answering_during_a_build(base_path, tmp_path, sheets):
    chemin = tmp_path / "knowledge.db"
    chemin.write_bytes(base_path.read_bytes())
    ouverte = Base.open(chemin)
    avant = ouverte.search("logement")
    numero = sheets.find("service", lambda ligne: "logement" in ligne["nom"].lower())
    sheets.write("service", numero, nom="Tout autre chose")
    build(chemin, sheets.dossier)
    assert avant
    assert ouverte.search("logement") == avant
    ouverte.close()


def test_the_base_weighs_less_than_ten_megabytes(base_path):
    assert 1_000_000 < base_path.stat().st_size < 10_000_000
