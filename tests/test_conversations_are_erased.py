"""A conversation stays no longer than told, and what is erased is no more in the bytes of the file."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
import socketio
import sqlalchemy as sa

from bot import unmet
from bot.__main__ import main
from bot.conservation import FICHIER, Conservation, forget, purge, sweep
from tests.serveur import Server, running

MOT = "trottinette"  # an uncommon word that nothing masks: what must not be found again
BESOIN = f"un jeune de 19 ans cherche un logement à Lillers, il a une {MOT}"
SUITE = "et à Béthune ?"


def senders(fichier: Path) -> set[str]:
    with sqlite3.connect(fichier) as sql:
        return {qui for (qui,) in sql.execute("SELECT DISTINCT sender_id FROM events")}


def in_bytes(dossier: Path, mot: str = MOT) -> list[str]:
    return [c.name for c in dossier.glob(f"{FICHIER}*") if mot.encode() in c.read_bytes()]


def wait_for(vrai: Callable[[], bool], delai: float = 30) -> None:
    fin = time.monotonic() + delai
    while not vrai():
        assert time.monotonic() < fin, "rien ne s'est effacé à temps"
        time.sleep(0.2)


def age(fichier: Path, qui: str, heures: float) -> None:
    """Move a conversation into the past."""
    with sqlite3.connect(fichier) as sql:
        assert sql.execute("UPDATE events SET timestamp = timestamp - ? WHERE sender_id = ?", (heures * 3600, qui)).rowcount


def end_by_socket(serveur: Server, qui: str) -> None:
    async def end() -> None:
        client = socketio.AsyncClient()
        await client.connect(serveur.url, transports=["polling"], wait_timeout=30)
        await client.call("session_end", "rien", timeout=20)
        await client.call("session_end", {"session_id": qui}, timeout=20)
        await client.eio.disconnect(abort=True)  # a polite goodbye waits 30 s for the long poll under way

    asyncio.run(end())


@pytest.fixture(scope="module")
def fichier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Conversations as a server killed in the middle of the day leaves them: « finie » and « vivante »."""
    dossier = tmp_path_factory.mktemp("tue")
    with running(dossier) as serveur:
        for qui in ("finie", "vivante"):
            assert "CLLAJ" in serveur.say(BESOIN, qui)["text"]
        serveur.processus.kill()
        serveur.processus.wait(20)
    assert in_bytes(dossier) == [FICHIER]
    yield dossier / FICHIER


@pytest.fixture
def copie(fichier: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(fichier, tmp_path / FICHIER))


@pytest.fixture
def moteur(copie: Path) -> sa.engine.Engine:
    return sa.create_engine(f"sqlite:///{copie}")


def test_at_start_what_had_ended_goes_and_what_goes_on_is_followed(copie: Path) -> None:
    age(copie, "finie", 2)
    with running(copie.parent) as serveur:
        wait_for(lambda: "finie" not in senders(copie))
        suite, neuve = (serveur.say(SUITE, qui)["text"] for qui in ("vivante", "finie"))
        assert "19 ans" in suite
        assert "19 ans" not in neuve

        # The button « Nouvelle personne » of the page.
        end_by_socket(serveur, "vivante")
        wait_for(lambda: "vivante" not in senders(copie))
        assert in_bytes(copie.parent) == []
        serveur.say(BESOIN, "derniere")
        assert purge(copie.parent)[0] >= 1
        assert "19 ans" not in serveur.say(SUITE, "derniere")["text"]
        serveur.say(BESOIN, "derniere")
        assert in_bytes(copie.parent) == [FICHIER]
    assert senders(copie) == set()
    assert in_bytes(copie.parent) == []


class Verrous:
    """A lock store; a broken one costs nothing but the sweep."""

    def __init__(self, casse: bool = False) -> None:
        self.casse = casse

    @asynccontextmanager
    async def lock(self, _: str) -> AsyncIterator[None]:
        if self.casse:
            raise OSError
        yield


def kept(moteur: sa.engine.Engine, jours: int, verrous: Verrous) -> Conservation:
    domaine = SimpleNamespace(session_config=SimpleNamespace(session_expiration_time=30))
    sur_disque = SimpleNamespace(engine=moteur, forget=lambda qui: None, forget_idle=lambda avant: None)
    magasin = SimpleNamespace(_tracker_store=sur_disque)
    return Conservation(SimpleNamespace(tracker_store=magasin, lock_store=verrous, domain=domaine), jours)


def test_with_days_the_end_of_a_session_erases_nothing(copie: Path, moteur: sa.engine.Engine) -> None:
    age(copie, "finie", 2)
    avant = senders(copie)
    conservation = kept(moteur, 1, Verrous())
    for fin in (conservation.sweep(), conservation.end("vivante"), conservation.stop()):
        asyncio.run(fin)
    assert senders(copie) == avant
    asyncio.run(kept(moteur, 0, Verrous()).end("vivante"))
    assert senders(copie) == avant - {"vivante"}
    asyncio.run(kept(moteur, 0, Verrous()).stop())
    assert senders(copie) == set()


def test_a_disk_or_a_lock_that_refuses_costs_one_sweep(copie: Path, moteur: sa.engine.Engine) -> None:
    avant = senders(copie)
    asyncio.run(kept(moteur, 0, Verrous(casse=True)).end("vivante"))
    with sqlite3.connect(copie, isolation_level=None) as sql:
        sql.execute("BEGIN EXCLUSIVE")
        asyncio.run(kept(sa.create_engine(f"sqlite:///{copie}", connect_args={"timeout": 0.1}), 0, Verrous()).stop())
        sql.execute("ROLLBACK")
    assert senders(copie) == avant


def test_only_what_ended_goes(copie: Path, moteur: sa.engine.Engine) -> None:
    age(copie, "finie", 0.6)
    assert sweep(moteur, time.time(), 0, 60) == 0
    assert sweep(moteur, time.time(), 0, 30) > 0
    assert senders(copie) >= {"vivante"}
    assert "finie" not in senders(copie)


@pytest.mark.parametrize(("jours", "reste"), [(0, False), (1, False), (3, True), (365, True)])
def test_days_are_counted_from_the_end(copie: Path, moteur: sa.engine.Engine, jours: int, reste: bool) -> None:
    age(copie, "finie", 48)
    sweep(moteur, time.time(), jours, 30)
    assert ("finie" in senders(copie)) is reste


def test_the_person_before_goes_when_the_same_counter_goes_on(copie: Path, moteur: sa.engine.Engine) -> None:
    """An id used all day long: « nouvelle personne » ends what came before it."""
    with sqlite3.connect(copie) as sql:
        sql.execute("UPDATE events SET intent_name = 'nouvelle_personne' WHERE id = (SELECT max(id) FROM events WHERE sender_id = 'vivante')")
        avant = sql.execute("SELECT count(*) FROM events WHERE sender_id = 'vivante'").fetchone()[0]
    assert avant > 1
    sweep(moteur, time.time(), 0, 30)
    with sqlite3.connect(copie) as sql:
        assert sql.execute("SELECT count(*) FROM events WHERE sender_id = 'vivante'").fetchone()[0] == 1


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_nothing_erased_is_left_in_the_bytes(copie: Path, moteur: sa.engine.Engine, journal: str) -> None:
    with sqlite3.connect(copie) as sql:
        sql.execute(f"PRAGMA journal_mode = {journal}")
    forget(moteur, "finie")
    assert in_bytes(copie.parent) != []  # the other one goes on
    forget(moteur, "vivante")
    assert in_bytes(copie.parent) == []
    assert in_bytes(copie.parent, "vivante") == []


def test_purge_says_what_it_erased(copie: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TABLE_VAR", str(copie.parent))
    comptes = copie.parent / unmet.FICHIER
    comptes.write_bytes(b"")
    combien = len(senders(copie))
    assert main(["purge"]) == 0
    dit = capsys.readouterr().out
    assert f"{combien} conversations effacées" in dit
    assert "aucun mot des personnes" in dit
    assert comptes.exists()
    assert in_bytes(copie.parent) == []
    assert main(["purge", "--besoins"]) == 0
    assert "0 conversation effacée" in capsys.readouterr().out
    assert not comptes.exists()


def test_purge_of_an_empty_folder_creates_nothing(tmp_path: Path) -> None:
    assert purge(tmp_path / "absent") == (0, 0)
    assert list(tmp_path.iterdir()) == []


def test_purge_of_a_file_without_events(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / FICHIER).close()
    assert purge(tmp_path) == (0, 0)
