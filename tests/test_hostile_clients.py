"""Clients that send too much, too slowly, or what cannot be read: each gets one French refusal, and the others their answers."""

from __future__ import annotations

import http.client
import importlib.util
import io
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from knowledge.build import ROOT
from tests.requetes import ANGLAIS, Recue, ask, connect, listen, send_raw
from tests.serveur import Server, free_port, running

DELAI_S = 2
INTRANET = "https://intranet.exemple.fr"
MOT = "zanzibarnaute"  # what no log may hold


@pytest.fixture(scope="module")
def serveur(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("hostile"), TABLE_DELAI=str(DELAI_S), TABLE_ORIGINES=INTRANET) as s:
        yield s


def test_it_listens_on_this_machine_only(serveur: Server) -> None:
    port = int(serveur.url.rsplit(":", 1)[1])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=5)


# What is too large.


@pytest.mark.parametrize("chemin", ["/webhooks/rest/webhook", "/formation/rejoindre", "/inconnue"])
@pytest.mark.parametrize("morceaux", [False, True], ids=["longueur-dite", "par-morceaux"])
def test_a_body_of_ten_megabytes_is_refused_in_french(serveur: Server, chemin: str, morceaux: bool) -> None:
    corps = b"x" * 10_000_000
    liaison = http.client.HTTPConnection(serveur.url.removeprefix("http://"), timeout=60)
    liaison.request("POST", chemin, iter([corps[i : i + 100_000] for i in range(0, len(corps), 100_000)]) if morceaux else corps, encode_chunked=morceaux)
    recue = liaison.getresponse()
    texte = recue.read().decode("utf-8")
    liaison.close()
    assert recue.status == (404 if chemin == "/inconnue" else 413)
    assert ("Cette page n'existe pas" if chemin == "/inconnue" else "Le message est trop gros") in texte
    if chemin.startswith("/webhooks"):
        assert json.loads(texte)[0]["text"].startswith("Le message est trop gros")


def test_a_header_too_long_is_refused(serveur: Server) -> None:
    statut, _, texte = send_raw(serveur.url, b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 20_000 + b"\r\n\r\n")
    assert statut == 413
    assert "trop gros" in texte


# What is too slow.

POST = b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"


def dribble(url: str, debut: bytes) -> tuple[float, bytes]:
    """Send a few bytes, then one at a time, without end. How long the server bears it, and what it says."""
    with connect(url) as prise:
        depart = time.monotonic()
        prise.sendall(debut)
        recu: list[bytes] = []
        ecoute = threading.Thread(target=lambda: recu.append(listen(prise)))
        ecoute.start()
        while ecoute.is_alive() and time.monotonic() - depart < 20:
            try:
                prise.sendall(b"a")
            except OSError:
                break
            ecoute.join(0.25)
        duree = time.monotonic() - depart
        ecoute.join(5)
        return duree, b"".join(recu)


@pytest.mark.parametrize("debut", [b"GET / HTTP/1.1\r\nX: ", POST], ids=["en-tetes", "corps"])
def test_bytes_sent_one_at_a_time_do_not_hold_a_connection(serveur: Server, debut: bytes) -> None:
    with ThreadPoolExecutor(20) as salle:
        lents = [salle.submit(dribble, serveur.url, debut) for _ in range(20)]
        assert "CLLAJ" in serveur.say("CLLAJ ?", "pendant")["text"]
        for lent in lents:
            duree, recu = lent.result()
            assert duree < DELAI_S + 8
            assert b" 408 " in recu.split(b"\r\n")[0]
            assert "a mis trop de temps à arriver".encode() in recu


def test_five_hundred_idle_sockets_stop_nobody(serveur: Server) -> None:
    muets = [connect(serveur.url) for _ in range(500)]
    try:
        debut = time.monotonic()
        for rang in range(10):
            assert "CLLAJ" in serveur.say("CLLAJ ?", f"muets-{rang}")["text"]
        assert time.monotonic() - debut < 20
    finally:
        for muet in muets:
            muet.close()


PETIT = """
import sys
from sanic import Sanic, response
from bot.protocole import PatientProtocol
app = Sanic("petit", configure_logging=False)
app.ctx.places = 20
app.add_route(lambda _: response.text("bonjour"), "/", methods=["GET"])
app.run("127.0.0.1", int(sys.argv[1]), protocol=PatientProtocol, motd=False, access_log=False)
"""


def test_an_address_that_takes_every_place_loses_its_own(tmp_path: Path) -> None:
    """Twenty places, sixty silent connections of one address: another address still gets in, and stays."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    processus = subprocess.Popen([sys.executable, "-c", PETIT, str(port)], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    prises = []
    try:
        for _ in range(300):
            try:
                ask(url, "GET", "/")
                break
            except OSError:
                time.sleep(0.1)
        honnete = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        honnete.request("GET", "/")
        assert honnete.getresponse().read() == b"bonjour"
        meme_prise = honnete.sock
        for _ in range(60):
            prises.append(connect(url, "127.0.0.2"))
        assert ask(url, "GET", "/").texte == "bonjour"
        honnete.request("GET", "/")
        assert honnete.getresponse().read() == b"bonjour"
        assert honnete.sock is meme_prise
    finally:
        for prise in prises:
            prise.close()
        processus.terminate()
        processus.wait(20)


# What cannot be read.

TETE = b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
ILLISIBLES = {
    "bruit": b"\x00\x01\x02" + MOT.encode() + b"\r\n\r\n",
    "chiffrement": b"\x16\x03\x01\x02\x00\x01" + b"x" * 200 + b"\r\n\r\n",
    "adresse-impossible": b"GET http://[ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "adresse-hors-utf8": b"GET /\xff\xfe" + MOT.encode() + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "en-tete-sans-deux-points": b"GET / HTTP/1.1\r\nHost\r\n\r\n",
    "longueur-en-lettres": TETE + b"Content-Length: " + MOT.encode() + b"\r\n\r\n",
    "longueur-negative": TETE + b"Content-Length: -5\r\n\r\n",
    "deux-longueurs": TETE + b"Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}",
    "longueur-et-morceaux": TETE + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "codage-inconnu": TETE + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "morceau-faux": TETE + b"Transfer-Encoding: chunked\r\n\r\n" + MOT.encode() + b"\r\n\r\n",
    "http2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "relais": b"CONNECT exemple.fr:443 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
}


@pytest.mark.parametrize("cas", ILLISIBLES)
def test_what_is_not_a_request_gets_a_french_refusal(serveur: Server, cas: str) -> None:
    statut, tete, texte = send_raw(serveur.url, ILLISIBLES[cas])
    assert statut == 400
    assert "Cette demande ne se lit pas" in texte
    assert b"connection: close" in tete.lower()


OUVRE = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


def frame(genre: int, corps: bytes) -> bytes:
    return bytes([0x80 | genre, 0x80 | len(corps)]) + b"\0\0\0\0" + corps


TRAMES = {
    "sans-masque": b"\x81\x05hello",
    "genre-inconnu": frame(0xB, b"x"),
    "hors-utf8": frame(1, b"\xff\xfe" + MOT.encode()),
    "pas-engineio": frame(1, b"9" + MOT.encode()),
    "json-coupe": frame(1, b"40") + frame(1, b'42["user_uttered",{"message":"' + MOT.encode()),
    "pas-une-liste": frame(1, b"40") + frame(1, b'42{"a":1}'),
    "liste-vide": frame(1, b"40") + frame(1, b"42[]"),
    "trop-d-arguments": frame(1, b"40") + frame(1, b'42["user_uttered",{"message":"bonjour"},3,4]'),
    "sans-argument": frame(1, b"40") + frame(1, b'42["user_uttered"]') + frame(1, b'42["session_request"]'),
    "piece-jointe-absente": frame(1, b"40") + frame(1, b'451-["a",{"_placeholder":true,"num":5}]') + frame(2, b"xx"),
    "immense": b"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0",
}


@pytest.mark.parametrize("cas", TRAMES)
def test_broken_frames_break_nothing(serveur: Server, cas: str) -> None:
    with connect(serveur.url) as prise:
        prise.settimeout(0.5)
        prise.sendall(OUVRE)
        accueil = prise.recv(4096)
        assert b" 101 " in accueil
        time.sleep(0.05)
        prise.sendall(TRAMES[cas])
        recu = listen(prise)
    assert b"Traceback" not in recu
    assert "CLLAJ" in serveur.say("CLLAJ ?", "trames")["text"]


def test_a_handshake_that_cannot_be_is_refused_in_french(serveur: Server) -> None:
    for chemin in ("/socket.io/", "/socket.io/?EIO=4&transport=pigeon", f"/socket.io/?EIO=4&transport=polling&sid={MOT}"):
        recue = ask(serveur.url, "GET", chemin)
        assert recue.statut == 400
        assert recue.texte == "La connexion est refusée. Rechargez la page."
    statut, _, texte = send_raw(serveur.url, OUVRE.replace(b"Sec-WebSocket-Version: 13\r\n", b"Connection: close\r\n"))
    assert statut >= 400
    assert texte == "La connexion est refusée. Rechargez la page."


# What a page of another site sends, in the browser of an agent.


@pytest.mark.parametrize(
    ("entetes", "statut"),
    [
        ({}, 200),
        ({"Origin": "{ici}"}, 200),
        ({"Origin": "null"}, 200),
        ({"Origin": INTRANET, "Sec-Fetch-Site": "cross-site"}, 200),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "https://ailleurs.exemple.fr"}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://127.0.0.1:9", "Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_another_site_cannot_post(serveur: Server, entetes: dict[str, str], statut: int) -> None:
    champs = {nom.replace("-", "_"): valeur.replace("{ici}", serveur.url) for nom, valeur in entetes.items()}
    recue = ask(serveur.url, "POST", "/webhooks/rest/webhook", json.dumps({"sender": "o", "message": "CLLAJ ?"}), **champs)
    assert recue.statut == statut
    texte = json.loads(recue.texte)[0]["text"]
    assert ("CLLAJ" in texte) if statut == 200 else ("vient d'un autre site" in texte)


@pytest.mark.parametrize(("origine", "statut"), [("{ici}", 200), (INTRANET, 200), ("https://ailleurs.exemple.fr", 400), ("null", 200)])
def test_socket_io_takes_our_pages_and_those_allowed(serveur: Server, origine: str, statut: int) -> None:
    recue = ask(serveur.url, "GET", "/socket.io/?EIO=4&transport=polling", Origin=origine.replace("{ici}", serveur.url))
    assert recue.statut == statut
    assert recue.entetes.get("Access-Control-Allow-Origin") != "*"


# Headers.

ATTENDUS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def well_headed(recue: Recue) -> None:
    politique = recue.entetes["Content-Security-Policy"]
    assert "default-src 'none'" in politique and "unsafe" not in politique and "*" not in politique
    assert politique.endswith(f"frame-ancestors 'self' {INTRANET}")
    assert {nom: recue.entetes[nom] for nom in ATTENDUS} == ATTENDUS
    assert "camera=()" in recue.entetes["Permissions-Policy"]
    assert recue.entetes["Cache-Control"] in ("no-store", "private, no-cache")
    assert "Server" not in recue.entetes


@pytest.mark.parametrize(
    ("methode", "chemin", "statut"),
    [
        ("GET", "/", 200),
        ("GET", "/style.css", 200),
        ("GET", "/vendor/socket.io.min.js", 200),
        ("GET", "/annuaire", 200),
        ("GET", "/annuaire/lignes?q=logement", 200),
        ("GET", "/fiche/rien", 404),
        ("GET", "/inconnue", 404),
        ("DELETE", "/", 405),
        ("GET", "/formation/solo", 303),
        ("GET", "/webhooks/rest/", 200),
        ("POST", "/webhooks/rest/webhook", 200),
        ("GET", "/socket.io/?EIO=4&transport=polling", 200),
        ("GET", "/socket.io/", 400),
    ],
)
def test_every_answer_has_its_headers(serveur: Server, methode: str, chemin: str, statut: int) -> None:
    recue = ask(serveur.url, methode, chemin)
    assert recue.statut == statut
    well_headed(recue)


def test_what_a_browser_has_already_and_what_cannot_be_read_have_them_too(serveur: Server) -> None:
    etiquette = ask(serveur.url, "GET", "/style.css").entetes["ETag"]
    recue = ask(serveur.url, "GET", "/style.css", If_None_Match=etiquette)
    assert recue.statut == 304
    well_headed(recue)
    _, tete, _ = send_raw(serveur.url, ILLISIBLES["bruit"])
    well_headed(Recue(400, "", http.client.parse_headers(io.BytesIO(tete.partition(b"\r\n")[2] + b"\r\n\r\n"))))


@pytest.mark.parametrize("chemin", ["/fiche-usager?besoins=logement&age=19", "/webhooks/rest/", "/formation", "/inconnue"])
def test_what_is_said_of_a_person_is_not_kept_by_a_browser(serveur: Server, chemin: str) -> None:
    assert ask(serveur.url, "GET", chemin).entetes["Cache-Control"] == "no-store"


def test_only_the_widget_is_for_other_sites(serveur: Server) -> None:
    assert ask(serveur.url, "GET", "/widget.js").entetes["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert ask(serveur.url, "GET", "/app.js").entetes["Cross-Origin-Resource-Policy"] == "same-origin"


# Rasa's own doors.


def rasa_routes() -> set[tuple[str, str]]:
    """Method and address of every route that Rasa adds when its HTTP API is on."""
    [dossier] = importlib.util.find_spec("rasa").submodule_search_locations or []
    source = Path(dossier, "server.py").read_text(encoding="utf-8")
    trouvees = re.findall(r'@app\.(get|post|put|delete|patch)\(\s*"([^"]+)"', source)
    return {(methode.upper(), re.sub(r"<[^>]+>", "essai", chemin)) for methode, chemin in trouvees if chemin != "/"}


def test_the_http_api_of_rasa_is_off(serveur: Server) -> None:
    routes = rasa_routes()
    assert {("GET", "/status"), ("PUT", "/model"), ("GET", "/conversations/essai/tracker")} <= routes
    autres = {("POST", f"/webhooks/{canal}/webhook") for canal in ("callback", "telegram", "facebook", "slack", "twilio", "botframework", "chatroom")}
    for methode, chemin in sorted(routes | autres):
        recue = ask(serveur.url, methode, chemin, b"{}" if methode != "GET" else None)
        assert recue.statut == 404, (methode, chemin)
        assert "Cette page n'existe pas" in recue.texte
        assert not ANGLAIS.search(recue.texte)


# After all that.


def test_no_log_quotes_a_client_and_none_holds_a_traceback(serveur: Server) -> None:
    assert "CLLAJ" in serveur.say("CLLAJ ?", "fin")["text"]
    journal = serveur.journal.read_text(encoding="utf-8")
    assert MOT not in journal
    assert "Traceback" not in journal
    assert not any(MOT.encode() in chemin.read_bytes() for chemin in serveur.dossier.rglob("*") if chemin.is_file())


def test_the_base_cannot_be_written(base_path: Path) -> None:
    import sqlite3

    from knowledge.base import Base

    ouverte = Base.open(base_path)
    try:
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            ouverte._connexion.execute("DELETE FROM lieu")
    finally:
        ouverte.close()
