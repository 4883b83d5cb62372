"""Requests as any client may send them: no redirection followed, no status that raises, bytes that no library would send."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

import websockets

ANGLAIS = re.compile(r"\b(?:error|exception|traceback|the|not found|failed|invalid|sorry|unauthorized|too many)\b", re.IGNORECASE)


@dataclass
class Recue:
    statut: int
    texte: str
    entetes: http.client.HTTPMessage


def ask(url: str, methode: str, chemin: str, corps: bytes | str | None = None, source: str = "127.0.0.1", **entetes: str) -> Recue:
    """One request on a connection of its own; ``X_Y=…`` sets the header X-Y."""
    adresse = urlsplit(url)
    liaison = http.client.HTTPConnection(adresse.hostname or "", adresse.port, timeout=60, source_address=(source, 0))
    try:
        liaison.request(methode, chemin, corps, {nom.replace("_", "-"): valeur for nom, valeur in entetes.items()})
        recue = liaison.getresponse()
        return Recue(recue.status, recue.read().decode("utf-8"), recue.msg)
    finally:
        liaison.close()


def connect(url: str, source: str = "127.0.0.1") -> socket.socket:
    adresse = urlsplit(url)
    return socket.create_connection((adresse.hostname or "", adresse.port or 80), timeout=20, source_address=(source, 0))


def listen(prise: socket.socket) -> bytes:
    """All that comes until the server closes, or stays silent."""
    morceaux = []
    try:
        while morceau := prise.recv(65536):
            morceaux.append(morceau)
    except OSError:
        pass
    return b"".join(morceaux)


async def talk(url: str, messages: int = 0, **entetes: str) -> list[str] | None:
    """Answers to so many messages on one Socket.IO connection; None when the server does not let it in."""
    adresse = f"{url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket"
    recus: list[str] = []
    try:
        async with websockets.connect(adresse, extra_headers={nom.replace("_", "-"): valeur for nom, valeur in entetes.items()}) as prise:
            await prise.send("40")
            for _ in range(messages):
                await prise.send('42["user_uttered",{"message":"CLLAJ ?","session_id":"bavard"}]')
            while len(recus) < messages:
                trame = await asyncio.wait_for(prise.recv(), 60)
                if trame == "2":
                    await prise.send("3")
                elif trame.startswith("42"):
                    recus.append(json.loads(trame[2:])[1]["text"])
    except websockets.InvalidStatusCode:
        return None
    return recus


def send_raw(url: str, octets: bytes) -> tuple[int, bytes, str]:
    """Status, head and body of the answer to bytes sent as they are; status 0 when nothing came."""
    with connect(url) as prise:
        prise.sendall(octets)
        tete, _, corps = listen(prise).partition(b"\r\n\r\n")
    statut = re.match(rb"HTTP/1\.1 (\d+)", tete)
    return int(statut[1]) if statut else 0, tete, corps.decode("utf-8", "replace")
