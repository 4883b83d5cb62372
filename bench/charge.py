"""Agents who talk to the assistant through nginx, as the page does: Socket.IO, and REST when it is cut (see bot/web/liaison.js)."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

PATIENCE_S = 20.0  # as in liaison.js
DEBUTS = (
    "un jeune de 19 ans cherche un logement à Lillers",
    "une dame de 45 ans ne sait pas lire, elle habite à Divion",
    "elle n'a plus rien à manger, elle habite à Auchel",
    "centre de loisirs à Beuvry pour un enfant de 8 ans",
    "il a 22 ans, il cherche du travail, il habite à Barlin",
    "une maman cherche une crèche à Bruay-la-Buissière",
)
# Each one alone says nothing: the answer is right only when the worker knows what was said before.
SUITES = ("et à Béthune ?", "et s'il a 27 ans ?", "et à Noeux-les-Mines ?")
CONVERSATIONS = tuple((debut, *SUITES) for debut in DEBUTS)
Message = dict[str, Any]


class Cut(Exception):
    """No answer came: the page would send the message again."""


@dataclass
class Answer:
    texte: str
    duree_s: float
    renvois: int  # how many times the message was sent again
    panne: bool  # the sentence that says something broke: it alone has no data beside its text


class Socket:
    """Socket.IO on one WebSocket, as much of it as the page uses. The client in Python cannot: it wants a newer aiohttp than Rasa's."""

    def __init__(self, fil: aiohttp.ClientWebSocketResponse) -> None:
        self._fil = fil
        self._attente: asyncio.Future[Message] | None = None
        self._recus: list[Message] = []
        self.ouverte = True
        self._lecture = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, http: aiohttp.ClientSession, url: str, session: str) -> Socket:
        """Raises aiohttp.ClientError or Cut."""
        fil = await http.ws_connect(f"{url.replace('https', 'wss')}/socket.io/?EIO=4&transport=websocket")
        await fil.receive(timeout=PATIENCE_S)
        await fil.send_str("40")
        if not str((await fil.receive(timeout=PATIENCE_S)).data).startswith("40"):
            raise Cut("Socket.IO refusé")
        await fil.send_str("42" + json.dumps(["session_request", {"session_id": session}]))
        return cls(fil)

    async def _read(self) -> None:
        async for recu in self._fil:
            paquet = str(recu.data)
            if paquet == "2":
                await self._fil.send_str("3")
            elif paquet.startswith("42"):
                nom, valeur = json.loads(paquet[2:])
                if nom == "bot_uttered":
                    self._recus.append(valeur)
            elif paquet.startswith("43") and self._attente and not self._attente.done():
                if self._recus:
                    self._attente.set_result(self._recus[0])
                else:
                    self._attente.set_exception(Cut("accusé sans réponse"))
        self.ouverte = False
        if self._attente and not self._attente.done():
            self._attente.set_exception(Cut("prise coupée"))

    async def ask(self, message: str, session: str) -> Message:
        """Raises Cut."""
        self._recus.clear()
        self._attente = asyncio.get_running_loop().create_future()
        try:
            await self._fil.send_str("420" + json.dumps(["user_uttered", {"message": message, "session_id": session}]))
            return await asyncio.wait_for(self._attente, PATIENCE_S)
        except (ConnectionError, asyncio.TimeoutError) as erreur:
            raise Cut(type(erreur).__name__) from erreur

    async def close(self) -> None:
        await self._fil.close()
        await self._lecture


@dataclass
class User:
    """One agent with one conversation, whose id is kept here as the page keeps it."""

    nom: str
    url: str
    http: aiohttp.ClientSession
    par_prise: bool
    prise: Socket | None = None
    reponses: list[Answer] = field(default_factory=list)

    async def open(self) -> None:
        if self.par_prise and not (self.prise and self.prise.ouverte):
            self.prise = await Socket.open(self.http, self.url, self.nom)

    async def close(self) -> None:
        if self.prise:
            await self.prise.close()

    async def ask(self, message: str, essais: int = 4) -> Answer:
        """Send until answered, as the page does. Raises Cut when the last try fails."""
        debut = time.perf_counter()
        for renvois in range(essais):
            if renvois:
                await asyncio.sleep(0.2)
            with contextlib.suppress(Cut):
                # Cut once, the page sends the message again by REST.
                recu = await (self._by_socket(message) if self.par_prise and not renvois else self._by_rest(message))
                self.reponses.append(Answer(recu["text"], time.perf_counter() - debut, renvois, panne="custom" not in recu))
                return self.reponses[-1]
        raise Cut(f"{self.nom} : {essais} envois sans réponse")

    async def _by_socket(self, message: str) -> Message:
        with contextlib.suppress(aiohttp.ClientError):
            await self.open()
        if not self.prise:
            raise Cut("pas de prise")
        return await self.prise.ask(message, self.nom)

    async def _by_rest(self, message: str) -> Message:
        corps = {"sender": self.nom, "message": message}
        try:
            async with self.http.post(f"{self.url}/webhooks/rest/webhook", json=corps, timeout=aiohttp.ClientTimeout(total=PATIENCE_S)) as reponse:
                if reponse.status != 200:
                    raise Cut(str(reponse.status))
                [un] = await reponse.json()
                return dict(un)
        except (aiohttp.ClientError, asyncio.TimeoutError) as erreur:
            raise Cut(type(erreur).__name__) from erreur


def new_id() -> str:
    """As the page draws it; any other could read as a number of a person, and be kept under another name."""
    return f"{random.getrandbits(128):032x}"


@asynccontextmanager
async def users(url: str, nombre: int) -> AsyncIterator[list[User]]:
    """Agents on Socket.IO and on REST, one in two of each."""
    prises = aiohttp.TCPConnector(ssl=False, limit=0)
    async with aiohttp.ClientSession(connector=prises) as http:
        tous = [User(new_id(), url, http, par_prise=rang % 2 == 0) for rang in range(nombre)]
        try:
            await asyncio.gather(*(u.open() for u in tous))
            yield tous
        finally:
            await asyncio.gather(*(u.close() for u in tous), return_exceptions=True)


async def talk(agents: Sequence[User], conversations: Sequence[Sequence[str]], duree_s: float, entre_s: float) -> int:
    """Each agent sends a message about every ``entre_s`` seconds (0: as soon as it is answered), for ``duree_s`` seconds; how many were lost."""
    fin = time.perf_counter() + duree_s
    pertes = 0

    async def one(rang: int, agent: User) -> None:
        nonlocal pertes
        hasard = random.Random(rang)
        messages = conversations[rang % len(conversations)]
        await asyncio.sleep(hasard.uniform(0, entre_s))
        tour = 0
        while time.perf_counter() < fin:
            debut = time.perf_counter()
            if tour % len(messages) == 0:
                agent.nom = new_id()  # the next person: the page forgets the last one
            try:
                pertes += (await agent.ask(messages[tour % len(messages)])).panne
            except Cut:
                pertes += 1
            tour += 1
            if entre_s:
                await asyncio.sleep(max(0.0, hasard.uniform(0.5, 1.5) * entre_s - (time.perf_counter() - debut)))

    await asyncio.gather(*(one(rang, agent) for rang, agent in enumerate(agents)))
    return pertes
