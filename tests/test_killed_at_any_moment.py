"""kill -9 at moments drawn at random: no file is damaged, the last published base is whole, nothing acknowledged is lost."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict
from contextlib import closing
from pathlib import Path

import pytest

from bot.formation.store import FICHIER, Store
from knowledge.base import Base
from knowledge.build import BASE, ROOT, build
from tests.conftest import Sheets
from tests.serveur_souche import Souche

GRAINE = 20261125
MOMENTS = [pytest.param(5, id="5-moments"), pytest.param(50, id="50-moments", marks=pytest.mark.long)]

# Sessions, participants and answers as fast as the disk takes them; a line a thing that was acknowledged.
ECRIVAIN = """
import itertools, json, sys, time
from pathlib import Path
from bot.formation.store import Reponse, Store
store = Store(Path(sys.argv[1]))
for tour in itertools.count():
    session, _ = store.create(time.time(), ("logement",), "", False, True, ["s1", "s2"], ["q1", "q2"], ["q3", "q4"])
    print(json.dumps(["session", session.code]), flush=True)
    for pseudo in ("Ana", "Bob"):
        participant, jeton = store.join(session, pseudo)
        print(json.dumps(["participant", session.code, jeton]), flush=True)
        for objet in ("q1", "q2"):
            store.answer(participant, Reponse("avant", objet, {"cles": ["x"], "fausses": []}, "juste", None))
            print(json.dumps(["reponse", session.code, jeton, objet]), flush=True)
    if tour % 3 == 2:
        store.close(session)
        print(json.dumps(["fin", session.code]), flush=True)
"""
CONVERSATION = (
    "où orienter un jeune de 19 ans pour un logement à Lillers ?",
    "et à Béthune ?",
    "crèches à Bruay",
    "et s'il a 27 ans ?",
    "CNFS = ?",
    "qui pilote la 4.1.3",
)


def sound(chemin: Path) -> bool:
    with closing(sqlite3.connect(chemin)) as sql:
        return sql.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def all_sound(dossier: Path) -> None:
    for chemin in dossier.rglob("*.db"):
        assert sound(chemin), chemin.name


@pytest.mark.parametrize("moments", MOMENTS)
def test_a_build_killed_at_any_moment_leaves_a_whole_base(moments: int, sheets: Sheets, tmp_path: Path) -> None:
    hasard = random.Random(GRAINE)
    publiee = tmp_path / "publiee" / "knowledge.db"
    sheets.shorten()
    commande = [sys.executable, "-m", "knowledge", "build", "--base", str(publiee), "--sources", str(sheets.dossier)]
    debut = time.monotonic()
    subprocess.run(commande, cwd=ROOT, check=True, capture_output=True)
    duree = time.monotonic() - debut
    numero = sheets.find("commune", lambda ligne: ligne["nom"] == "Divion")
    avant, publiees = Base.open(publiee).communes["62270"].mairie_telephone, 0
    for moment in range(moments):
        neuf = f"03 21 00 00 {moment:02d}"
        sheets.write("commune", numero, mairie_telephone=neuf)
        attente = hasard.uniform(0, duree * 1.1)
        with subprocess.Popen(commande, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as processus:
            try:
                processus.wait(attente)
            except subprocess.TimeoutExpired:
                processus.kill()
        ou = f"moment {moment}, graine {GRAINE}, {attente:.2f} s"
        assert sound(publiee), ou
        ouverte = Base.open(publiee)
        trouve = ouverte.communes["62270"].mairie_telephone
        assert trouve in (avant, neuf), ou
        assert ouverte.search("logement"), ou
        ouverte.close()
        publiees += trouve == neuf
        avant = trouve
    assert publiees < moments, "no build was killed before its end"
    build(publiee, sheets.dossier)
    assert Base.open(publiee).communes["62270"].mairie_telephone == neuf


@pytest.mark.parametrize("moments", MOMENTS)
def test_training_writes_killed_at_any_moment_keep_what_was_acknowledged(moments: int, tmp_path: Path) -> None:
    hasard = random.Random(GRAINE)
    acquis: list[list[str]] = []
    for moment in range(moments):
        processus = subprocess.Popen([sys.executable, "-c", ECRIVAIN, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert processus.stdout
        lignes = [processus.stdout.readline()]
        time.sleep(hasard.uniform(0, 0.4))
        processus.kill()
        lignes += processus.stdout.readlines()
        processus.wait(10)
        # A line cut by the kill says nothing that anyone could have read.
        acquis += [json.loads(ligne) for ligne in lignes if ligne.endswith("\n")]
        assert sound(tmp_path / FICHIER), f"moment {moment}, graine {GRAINE}"
        check_acknowledged(tmp_path, acquis)
    assert len(acquis) > 3 * moments


def check_acknowledged(dossier: Path, acquis: list[list[str]]) -> None:
    store = Store(dossier)
    finies = {code for quoi, code, *_ in acquis if quoi == "fin"}
    donnees: dict[str, int] = defaultdict(int)
    for quoi, code, *suite in acquis:
        session = store.by_code(code)
        assert session, "a session is lost"
        donnees[code] += quoi == "reponse"
        if code in finies:
            assert session.finie
            continue
        if session.finie or quoi == "session":
            continue
        trouve = store.participant(suite[0])
        assert trouve, "a participant is lost"
        assert quoi != "reponse" or ("avant", suite[1]) in store.answers(trouve[0]), "an answer is lost"
    for code in finies:
        session = store.by_code(code)
        assert session
        assert store.results(session).reponses == donnees[code] == 4
    store.close_file()


class Agents:
    """Eight agents who talk without a pause; what each was answered."""

    def __init__(self, url: str, marque: str) -> None:
        self.url, self.acquis = f"{url}/webhooks/rest/webhook", defaultdict[str, list[str]](list)
        self._fils = [threading.Thread(target=self._talk, args=(f"{marque}-{rang}",)) for rang in range(8)]
        for fil in self._fils:
            fil.start()

    def _talk(self, qui: str) -> None:
        for rang in range(10_000):
            message = CONVERSATION[rang % len(CONVERSATION)]
            demande = urllib.request.Request(self.url, json.dumps({"sender": qui, "message": message}).encode(), {"Content-Type": "application/json"})
            try:
                with urllib.request.urlopen(demande, timeout=20) as reponse:
                    json.loads(reponse.read())
            except (OSError, ValueError, urllib.error.URLError):
                return
            self.acquis[qui].append(message)

    def wait(self, reponses: int) -> None:
        """Until so many answers were received by all."""
        limite = time.monotonic() + 60
        while sum(map(len, list(self.acquis.values()))) < reponses and time.monotonic() < limite:
            time.sleep(0.002)

    def join(self) -> None:
        for fil in self._fils:
            fil.join(30)


def said(dossier: Path) -> dict[str, list[str]]:
    """What the conversations hold, by sender: messages of the agent that have their answer."""
    gardes: dict[str, list[str]] = defaultdict(list)
    attend: dict[str, str] = {}
    with closing(sqlite3.connect(dossier / "conversations.db")) as sql:
        for qui, genre, donnees in sql.execute("SELECT sender_id, type_name, data FROM events ORDER BY id"):
            if genre == "user":
                attend[qui] = json.loads(donnees)["text"]
            elif genre == "bot" and qui in attend:
                gardes[qui].append(attend.pop(qui))
    return gardes


def kill_while_talking(souche: Souche, dossier: Path, marque: str, reponses: int, attente: float) -> int:
    """How many answers were received before the kill; all must be on the disk."""
    journal = dossier / f"{marque}.txt"
    agents = Agents(souche.start(dossier, journal).url, marque)
    agents.wait(reponses)
    time.sleep(attente)
    souche.kill()
    agents.join()
    all_sound(dossier)
    gardes = said(dossier)
    for qui, messages in agents.acquis.items():
        assert gardes[qui][: len(messages)] == messages, f"{qui}, graine {GRAINE}\n{journal.read_text(encoding='utf-8')}"
    assert "Traceback" not in journal.read_text(encoding="utf-8")
    return sum(map(len, agents.acquis.values()))


@pytest.mark.parametrize("moments", MOMENTS)
def test_a_chat_killed_at_any_moment_keeps_what_was_answered(moments: int, souche: Souche, tmp_path: Path) -> None:
    hasard = random.Random(GRAINE)
    recues = [kill_while_talking(souche, tmp_path, f"m{moment}", hasard.randint(0, 30), hasard.uniform(0, 0.05)) for moment in range(moments)]
    assert sum(recues) > moments
    with souche.serving(tmp_path, tmp_path / "apres.txt") as serveur:
        assert "CLLAJ" in serveur.say(CONVERSATION[0], "apres")["text"]
    assert sound(BASE)
