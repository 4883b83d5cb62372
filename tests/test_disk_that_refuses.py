"""Disk full, read only, files damaged: the agent still gets an answer in French, the server lives, and all goes back to the disk afterwards.

As root a small file system in memory (tmpfs) is really filled, then really read only; elsewhere these two tests are passed over.
"""

from __future__ import annotations

import re
import sqlite3
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from bot.formation.store import FICHIER, Store
from knowledge.base import Base
from tests.reponse_saine import Checker
from tests.serveur import Server
from tests.serveur_souche import Souche

PREMIERE, SUITE = "où orienter un jeune de 19 ans pour un logement à Lillers ?", "et s'il a 27 ans ?"


class Disk:
    """A folder on a file system of its own."""

    def __init__(self, dossier: Path) -> None:
        self.dossier = dossier

    def fill(self) -> None:
        with open(self.dossier / "bourrage", "wb", buffering=0) as fichier, suppress(OSError):
            for bloc in (1 << 16, 1 << 10, 1):
                with suppress(OSError):
                    while True:
                        fichier.write(b"x" * bloc)

    def free(self) -> None:
        (self.dossier / "bourrage").unlink()

    def remount(self, comment: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{comment}", str(self.dossier)], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    dossier = tmp_path / "disque"
    dossier.mkdir()
    try:
        monte = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(dossier)], capture_output=True).returncode == 0
    except FileNotFoundError:
        monte = False
    if not monte:
        pytest.skip("monter un petit disque demande d'être root")
    try:
        yield Disk(dossier)
    finally:
        subprocess.run(["umount", "-l", str(dossier)], check=True)


def post(serveur: Server, chemin: str, **champs: str) -> tuple[int, str]:
    """Status and page of a form."""
    demande = urllib.request.Request(f"{serveur.url}{chemin}", urllib.parse.urlencode(champs).encode())
    try:
        with urllib.request.urlopen(demande, timeout=30) as page:
            return page.status, page.read().decode()
    except urllib.error.HTTPError as erreur:
        return erreur.code, erreur.read().decode()


def answers_well(serveur: Server, base: Base, qui: str) -> None:
    """A conversation goes on from one message to the next."""
    sain = Checker(base)
    for message, attendu in ((PREMIERE, "19 ans"), (SUITE, "27 ans"), ("et à Béthune ?", "27 ans · Béthune")):
        reponse = serveur.say(message, qui)
        assert attendu in reponse["text"].splitlines()[0], reponse["text"]
        assert not sain.faults(reponse["text"], [b["title"] for b in reponse.get("buttons", ())], reponse.get("custom"))


def events(dossier: Path, qui: str) -> list[str]:
    with closing(sqlite3.connect(dossier / "conversations.db")) as sql:
        assert sql.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [
            texte for (texte,) in sql.execute("SELECT json_extract(data, '$.text') FROM events WHERE sender_id = ? AND type_name = 'user' ORDER BY id", (qui,))
        ]


def french_journal(serveur: Server) -> None:
    journal = serveur.journal.read_text(encoding="utf-8")
    assert "Le disque refuse les conversations" in journal
    assert journal.count("refuse les conversations") <= 2, "said once each time"
    assert not re.search(r"Traceback|\b[Ee]rror\b|\bINSERT\b|logement", journal), journal


def test_a_full_disk_costs_nothing_to_the_agent(souche: Souche, disk: Disk, base: Base, tmp_path: Path) -> None:
    with souche.serving(disk.dossier, tmp_path / "journal.txt") as serveur:
        serveur.say(PREMIERE, "avant")
        disk.fill()
        answers_well(serveur, base, "plein")
        statut, page = post(serveur, "/formation/sessions", theme="logement", nombre="3")
        assert (statut, "Le disque du serveur refuse" in page) == (503, True)
        disk.free()
        serveur.say("et à Bruay ?", "plein")
        assert events(disk.dossier, "plein") == [PREMIERE, SUITE, "et à Béthune ?", "et à Bruay ?"], "what was kept in memory goes to the disk"
        assert events(disk.dossier, "avant") == [PREMIERE]
        assert "Le disque accepte de nouveau" in serveur.journal.read_text(encoding="utf-8")
        french_journal(serveur)
        assert souche.alive()


def test_a_server_starts_on_a_folder_that_refuses(souche: Souche, disk: Disk, base: Base, tmp_path: Path) -> None:
    """Read only from the start, then writable: nothing is to be started again."""
    disk.remount("ro")
    with souche.serving(disk.dossier, tmp_path / "journal.txt") as serveur:
        answers_well(serveur, base, "lecture")
        with urllib.request.urlopen(f"{serveur.url}/formation/solo/1?theme=logement", timeout=30) as page:
            assert page.status == 200, "practice alone writes nothing"
        assert "Le disque du serveur refuse" in post(serveur, "/formation/sessions", theme="logement", nombre="3")[1]
        disk.remount("rw")
        serveur.say("et à Bruay ?", "lecture")
        assert events(disk.dossier, "lecture")[-1] == "et à Bruay ?"
        french_journal(serveur)


def test_damaged_files_do_not_stop_the_server(souche: Souche, base: Base, tmp_path: Path) -> None:
    dossier = tmp_path / "abime"
    dossier.mkdir()
    for nom in ("conversations.db", FICHIER, "besoins_non_couverts.db"):
        (dossier / nom).write_bytes(b"SQLite format 3\x00" + b"\xff" * 9000)
    with souche.serving(dossier, tmp_path / "journal.txt") as serveur:
        answers_well(serveur, base, "abime")
        assert "Le disque du serveur refuse" in post(serveur, "/formation/sessions", theme="logement", nombre="3")[1]
        french_journal(serveur)


def test_a_training_store_opens_when_the_disk_accepts(tmp_path: Path) -> None:
    occupant = tmp_path / "dossier"
    occupant.write_bytes(b"")
    store = Store(occupant)
    with pytest.raises(sqlite3.Error):
        store.by_code("ABCDE")
    occupant.unlink()
    assert store.by_code("ABCDE") is None
    store.close_file()
