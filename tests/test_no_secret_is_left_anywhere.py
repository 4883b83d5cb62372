"""What a person's secret leaves after it went through the real server: nothing in a file, a log, an answer or an error."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import socket
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
import socketio

from bench import vie_privee
from knowledge.build import ROOT
from tests.serveur import Server, running

SECRETS = [
    (ligne.texte, [secret.lower() for secret in ligne.secrets])
    for nom in vie_privee.FICHIERS[:2]
    for ligne in vie_privee.read(vie_privee.DONNEES / nom)
    if ligne.secrets
]
TEMOIN = "crèche à Marles-les-Mines"  # what must be found again, for the search to prove anything


@dataclass
class Passage:
    """What the server answered to all messages, and what it had written meanwhile."""

    serveur: Server
    reponses: dict[str, str]
    fichiers: dict[str, str]


def readable(octets: bytes) -> str:
    """Raw bytes of any file as lower-case text; JSON's escapes undone, or accents would hide a secret."""
    texte = octets.decode("utf-8", errors="ignore")
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), texte).lower()


def files(dossier: Path) -> dict[str, str]:
    return {str(c.relative_to(dossier)): readable(c.read_bytes()) for c in dossier.rglob("*") if c.is_file()}


def over_rest(serveur: Server, messages: dict[str, str]) -> dict[str, str]:
    with ThreadPoolExecutor(4) as tous:
        dits = zip(messages, tous.map(lambda qui: serveur.say(messages[qui], qui), messages), strict=True)
        return {qui: json.dumps(dit, ensure_ascii=False).lower() for qui, dit in dits}


def over_socket(serveur: Server, messages: dict[str, str]) -> dict[str, str]:
    async def talk() -> dict[str, str]:
        reponses: dict[str, str] = {}
        client = socketio.AsyncClient()
        recus: asyncio.Queue[object] = asyncio.Queue()
        client.on("bot_uttered", recus.put)
        await client.connect(serveur.url, transports=["polling"], wait_timeout=30)
        for qui, message in messages.items():
            await client.emit("user_uttered", {"message": message, "session_id": qui})
            reponses[qui] = json.dumps(await asyncio.wait_for(recus.get(), 20), ensure_ascii=False).lower()
        await client.eio.disconnect(abort=True)  # a polite goodbye waits 30 s for the long poll under way
        return reponses

    return asyncio.run(talk())


@pytest.fixture(scope="module")
def passage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Passage]:
    with running(tmp_path_factory.mktemp("passage")) as serveur:
        # Socket.IO without WebSocket takes three requests a message: it gets one message in four.
        messages = {f"essai-{rang}": message for rang, (message, _) in enumerate(SECRETS)}
        par_prise = dict(list(messages.items())[::4])
        reponses = over_socket(serveur, par_prise) | over_rest(serveur, {qui: m for qui, m in messages.items() if qui not in par_prise})
        serveur.say(TEMOIN, "temoin")
        yield Passage(serveur, reponses, files(serveur.dossier))


@pytest.fixture(scope="module")
def singular(base_path: Path) -> list[str]:
    """Secrets that no public text holds, so that finding one can only be a leak. A few digits would be found in any clock."""
    with sqlite3.connect(base_path) as sql:
        public = "\n".join(sql.iterdump()).lower()
    for dossier in ("knowledge", "data"):
        public += "".join(c.read_text(encoding="utf-8").lower() for c in sorted((ROOT / dossier).rglob("*")) if c.suffix in (".py", ".yml"))
    uniques = {s for _, secrets in SECRETS for s in secrets if len(s) >= (5 if re.search(r"[^\d.]", s) else 8) and s not in public}
    assert len(uniques) >= 400
    return sorted(uniques)


def test_all_messages_are_answered(passage: Passage) -> None:
    assert len(passage.reponses) == len(SECRETS) == 400
    assert [qui for qui, dit in passage.reponses.items() if "un incident" in dit] == []


def test_no_secret_is_in_a_file_or_the_log(passage: Passage, singular: list[str]) -> None:
    assert "marles-les-mines" in passage.fichiers["conversations.db"]
    assert "prêt" in passage.fichiers["journal.txt"]
    assert [(secret, nom) for nom, texte in passage.fichiers.items() for secret in singular if secret in texte] == []


def test_no_secret_is_in_what_rasa_kept_of_its_message(passage: Passage) -> None:
    """Every secret, even one that is a common word, in the very message that held it."""
    with sqlite3.connect(passage.serveur.dossier / "conversations.db") as sql:
        gardes = dict(sql.execute("SELECT sender_id, data FROM events WHERE type_name = 'user'").fetchall())
    restes = []
    for rang, (message, secrets) in enumerate(SECRETS):
        lu = json.loads(gardes[f"essai-{rang}"])
        textes = (lu["text"] + "\n" + lu["parse_data"]["text"]).lower()
        restes += [(message, secret) for secret in secrets if secret in textes]
    assert restes == []


def test_no_secret_is_in_an_answer(passage: Passage, singular: list[str]) -> None:
    assert [(qui, secret) for qui, dit in passage.reponses.items() for secret in singular if secret in dit] == []


NOM, TEL = "Vantestaert", "0639984127"
PAR_REST = {
    "JSON coupé": f'{{"sender": "essai", "message": "Mme {NOM} {TEL}'.encode(),
    "texte seul": f"Mme {NOM} {TEL}".encode(),
    "liste": json.dumps([f"Mme {NOM} {TEL}"]).encode(),
    "message en objet": json.dumps({"sender": "a", "message": {"nom": NOM, "tel": TEL}}).encode(),
    "message en liste": json.dumps({"sender": "b", "message": [f"Mme {NOM}", TEL]}).encode(),
    "données dans l'expéditeur": json.dumps({"sender": f"Mme {NOM} {TEL}", "message": "logement"}).encode(),
    "expéditeur en objet": json.dumps({"sender": {"nom": NOM, "tel": TEL}, "message": "logement"}).encode(),
    "clés en trop": json.dumps({"sender": "c", "message": "logement", "metadata": {"nom": NOM, "tel": TEL}}).encode(),
    "octets faux": f"\xff\xfe Mme {NOM} {TEL}".encode("latin-1"),
    "trop long": json.dumps({"sender": "d", "message": f"Mme {NOM} {TEL} " * 200}).encode(),
    "commande de Rasa": json.dumps({"sender": "e", "message": f'/orienter{{"nom": "Mme {NOM}", "tel": "{TEL}"}}'}).encode(),
    "caractères cachés": json.dumps({"sender": "f", "message": f"Mme\u200b {NOM}\u202e {TEL} logement"}).encode(),
}
ADRESSES = ("/{}", "/annuaire?commune={}", "/annuaire?age={}", "/annuaire?theme={}", "/annuaire/lignes?q={}", "/fiche/{}", "/formation/{}", "/webhooks/rest/{}")


def reads(serveur: Server, methode: str, chemin: str, corps: bytes | None = None, entetes: dict[str, str] | None = None) -> str:
    port = int(serveur.url.rsplit(":", 1)[1])
    liaison = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    liaison.request(methode, chemin, corps, entetes or {})
    reponse = liaison.getresponse()
    lu = readable(reponse.read()) + str(reponse.getheaders()).lower()
    liaison.close()
    return lu


def test_bad_requests_that_hold_data_say_and_write_none(passage: Passage) -> None:
    serveur = passage.serveur
    dits = {nom: reads(serveur, "POST", "/webhooks/rest/webhook", corps, {"Content-Type": "application/json"}) for nom, corps in PAR_REST.items()}
    for adresse in ADRESSES:
        chemin = adresse.format(quote(f"Mme {NOM} {TEL}"))
        dits[f"GET {adresse}"] = reads(serveur, "GET", chemin)
        dits[f"POST {adresse}"] = reads(serveur, "POST", chemin, f"Mme {NOM} {TEL}".encode())
    dits["en-têtes"] = reads(serveur, "GET", "/inconnue", None, {"Cookie": f"nom={NOM}", "User-Agent": TEL, "Referer": f"http://x/{NOM}"})
    with socket.create_connection(("127.0.0.1", int(serveur.url.rsplit(":", 1)[1])), timeout=20) as prise:
        prise.sendall(f"Mme {NOM} {TEL}\r\n\r\n".encode())
        dits["pas du HTTP"] = readable(prise.recv(10_000))

    async def bad_events() -> None:
        client = socketio.AsyncClient()
        recus: list[object] = []
        client.on("*", lambda evenement, *valeurs: recus.append((evenement, valeurs)))
        await client.connect(serveur.url, transports=["polling"], wait_timeout=30)
        for valeur in (f"Mme {NOM} {TEL}", [NOM, TEL], {"message": {"nom": NOM}, "session_id": f"{NOM} {TEL}"}, {"session_id": [NOM]}, 5):
            for evenement in ("user_uttered", "session_request", f"{NOM} {TEL}"):
                await client.emit(evenement, valeur)
        await client.call("user_uttered", {"message": "logement", "session_id": "dernier"}, timeout=20)
        await client.eio.disconnect(abort=True)  # a polite goodbye waits 30 s for the long poll under way
        dits["Socket.IO"] = readable(json.dumps(recus).encode())

    asyncio.run(bad_events())
    fuites = {**dits, **files(serveur.dossier)}
    assert [nom for nom, dit in fuites.items() if NOM.lower() in dit or TEL in dit] == []
    assert [nom for nom, dit in dits.items() if not dit and nom != "pas du HTTP"] == []
