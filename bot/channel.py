"""Ways in: REST and Socket.IO as in any Rasa, after masking personal data and refusing what cannot be read.

An answer is always one message and status 200, in French, even when something breaks behind. What is refused at the door
(too much, too large, no token) is one French message too, with its status.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from rasa.core.channels.socketio import SocketBlueprint, SocketIOInput, SocketIOOutput
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse
from socketio import AsyncServer

from bot.assistant import serving
from bot.debit import TROP, TooMany, affluence
from bot.journal import log_failure
from bot.origine import allowed
from bot.refus import refuse
from bot.understanding.privacy import mask
from bot.understanding.understand import LIMITE

PANNE = "Un incident m'empêche de répondre. Votre message n'est pas perdu : renvoyez-le dans un instant, ou appelez la mairie de la commune."
ILLISIBLE = "Je n'ai pas pu lire ce message. Écrivez le besoin de la personne en quelques mots."
TROP_LONG = "x" * (LIMITE + 1)  # what Rasa keeps of a message too long to be read: nothing of its words

_OPAQUE = re.compile(r"[\w.:-]{1,80}")
_HASARD = re.compile(r"[0-9a-f]{20,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # digits drawn at random, not a number of someone

OnMessage = Callable[[UserMessage], Awaitable[Any]]


def clean(message: Any) -> str:
    """What Rasa may see of a message: text without personal data, never longer than the limit by more than one."""
    if not isinstance(message, str):
        return " "
    if len(message) > LIMITE:
        return TROP_LONG
    texte = mask(message).strip()
    # Rasa reads a leading slash as a command that names an intent.
    return texte.lstrip("/") or " "


def sender(valeur: Any) -> str:
    """An opaque conversation id. One that may tell of a person, as an e-mail does, becomes another; none gets a new one."""
    if not isinstance(valeur, str) or not valeur.strip():
        return uuid.uuid4().hex
    if _HASARD.fullmatch(valeur) or _OPAQUE.fullmatch(valeur) and mask(valeur) == valeur:
        return valeur
    return hashlib.sha256(valeur.encode("utf-8", "replace")).hexdigest()


def merged(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Text, buttons and custom of one answer as one message."""
    un: dict[str, Any] = {}
    for message in messages:
        for cle, valeur in message.items():
            un[cle] = f"{un['text']}\n{valeur}" if cle == "text" and un.get("text") else valeur
    return [un] if un.get("text") else []


class CounterRest(RestInput):
    """POST /webhooks/rest/webhook {"sender": …, "message": …} → [{"recipient_id", "text", "buttons", "custom"}]."""

    @classmethod
    def name(cls) -> str:
        return "rest"

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        webhook = Blueprint("comptoir_rest", "comptoir_rest")

        @webhook.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @webhook.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            try:
                corps = json.loads(request.body or b"{}")
            except (ValueError, RecursionError):
                corps = None
            if not isinstance(corps, dict):
                return response.json([{"recipient_id": "", "text": ILLISIBLE}], ensure_ascii=False)
            qui = sender(corps.get("sender"))
            try:
                with affluence(request).one_message(request):
                    return response.json(await reply(on_new_message, clean(corps.get("message")), qui, self.name()), ensure_ascii=False)
            except TooMany:
                return refuse(request, 429, TROP, 1)

        return webhook


async def reply(on_new_message: OnMessage, texte: str, qui: str, canal: str) -> list[dict[str, Any]]:
    """The answer of the assistant to a cleaned message, or the one sentence that says it could not."""
    sortie = CollectingOutputChannel()
    try:
        aide = serving()
        with aide.one_edition() if aide else nullcontext():
            await on_new_message(UserMessage(texte, sortie, qui, input_channel=canal))
        messages = merged(sortie.messages)
    except Exception as erreur:  # noqa: BLE001 - an agent must get a French sentence whatever broke
        log_failure(erreur)
        messages = []
    return messages or [{"recipient_id": qui, "text": PANNE}]


class CounterOutput(SocketIOOutput):
    """One event an answer: text, buttons and custom together."""

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        await self._send_message(recipient_id, {cle: message[cle] for cle in ("text", "buttons", "custom") if message.get(cle)})


class CounterSocket(SocketIOInput):
    """Socket.IO: « user_uttered » {"message", "session_id"} → « bot_uttered » {"text", "buttons", "custom"}."""

    origines: tuple[str, ...] = ()  # other sites whose pages may connect

    @classmethod
    def name(cls) -> str:
        return "socketio"

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        sio = AsyncServer(async_mode="sanic", cors_allowed_origins=lambda origine, environ: allowed(environ["sanic.request"], self.origines))
        webhook = SocketBlueprint(sio, self.socketio_path, "comptoir_socketio", "comptoir_socketio")
        self.sio = sio

        @webhook.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @sio.on("session_request", namespace=self.namespace)
        async def session_request(sid: str, data: Any = None, *_: Any) -> None:
            session = sender((data or {}).get("session_id") if isinstance(data, dict) else None)
            await sio.enter_room(sid, session)
            await sio.emit("session_confirm", session, room=sid)

        @sio.on(self.user_message_evt, namespace=self.namespace)
        async def handle_message(sid: str, data: Any = None, *_: Any) -> Any:
            corps = data if isinstance(data, dict) else {}
            session = sender(corps.get("session_id") or sid)
            demande = sio.get_environ(sid, self.namespace)["sanic.request"]
            limites = affluence(demande)
            try:
                if limites.wait(demande):
                    raise TooMany
                with limites.one_message(demande):
                    messages = await reply(on_new_message, clean(corps.get("message")), session, self.name())
            except TooMany:
                messages = [{"text": TROP}]
            for message in messages:
                await sio.emit(self.bot_message_evt, {cle: message[cle] for cle in ("text", "buttons", "custom") if message.get(cle)}, room=sid)
            return {"recu": True}

        @sio.on("session_end", namespace=self.namespace)
        async def end_session(sid: str, data: Any = None, *_: Any) -> None:
            # The page may have left already: its connection says nothing any more of the server it had reached.
            conservation = getattr(Sanic.get_app().ctx, "conservation", None)
            if conservation and isinstance(data, dict) and data.get("session_id"):
                await conservation.end(sender(data["session_id"]))

        return webhook
