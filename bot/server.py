"""One process that serves everything: Rasa with its channels, the actions inside it, and the page."""

from __future__ import annotations

import asyncio
import socket
import time
from functools import partial
from pathlib import Path
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import register
from rasa.core.run import close_resources, load_agent_on_start
from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic

from bot.annuaire_pages import add_directory
from bot.assistant import assistant
from bot.channel import PANNE, CounterRest, CounterSocket, reply
from bot.conservation import add_retention
from bot.formation.routes import add_training
from bot.journal import log_failure, lost_task, silence
from bot.pages import add_pages
from bot.partage import check, conversations, verrous
from bot.porte import add_door
from bot.protocole import PatientProtocol, raise_places
from bot.settings import Settings
from bot.veille import follow_base
from knowledge.vectors import question_encoder


class InProcessActions(EndpointConfig):
    """The action server's endpoint, answered in this process: an answer costs no second server."""

    def __init__(self) -> None:
        super().__init__()
        self._executeur = ActionExecutor()
        self._executeur.register_package("actions")

    async def request(self, method: str = "post", **kwargs: Any) -> Any:
        try:
            return await self._executeur.run(kwargs["json"])
        except Exception as erreur:  # noqa: BLE001 - Rasa would write a trace in the log and say nothing to the agent
            log_failure(erreur)
            return {"events": [], "responses": [{"text": PANNE}]}


def make_app(modele: Path, reglages: Settings) -> Sanic:
    """The Sanic application; the model is loaded before the first request is accepted."""
    # Our own action's result need not be checked against a JSON schema built anew at each answer.
    RemoteAction._validate_action_result = lambda self, result: True  # type: ignore[method-assign]
    silence()
    aide = assistant()
    app = Sanic("table_orientation", configure_logging=False)
    # A message far too long must reach the channel to be refused in French, not by a bare status.
    app.config.REQUEST_MAX_SIZE = 1024 * 1024
    app.config.REQUEST_TIMEOUT = reglages.delai
    app.config.RESPONSE_TIMEOUT = 30
    app.config.KEEP_ALIVE_TIMEOUT = 30
    app.config.FALLBACK_ERROR_FORMAT = "text"
    rest = CounterRest()
    prise = CounterSocket("user_uttered", "bot_uttered", session_persistence=True)
    prise.origines = reglages.origines
    register([rest, prise], app, route="/webhooks/")
    add_door(app, reglages)
    add_pages(app, aide, reglages)
    add_directory(app, aide)
    add_training(app, aide, reglages)
    add_retention(app, reglages)
    follow_base(app, aide)
    points = AvailableEndpoints(action=InProcessActions(), tracker_store=conversations(reglages), lock_store=verrous(reglages))
    app.register_listener(partial(load_agent_on_start, str(modele), points, None), "before_server_start")
    app.register_listener(_quiet_loop, "before_server_start")
    app.register_listener(_warm_up, "after_server_start")
    app.register_listener(close_resources, "after_server_stop")
    return app


async def _quiet_loop(app: Sanic, _: Any) -> None:
    app.loop.set_exception_handler(lost_task)


async def _warm_up(app: Sanic, _: Any) -> None:
    """The first answer loads what is lazy; the agent should not wait for it."""
    debut = time.perf_counter()

    async def on_new_message(message: Any) -> Any:
        return await app.ctx.agent.handle_message(message)

    await reply(on_new_message, "bonjour, logement d'un jeune", "mise-en-route", "rest")
    app.ctx.pret = time.perf_counter() - debut
    print(f"Prêt : http://{app.ctx.adresse}:{app.ctx.port}/", flush=True)
    # What only precise questions need: the first agent does not wait for it, and the first such question finds it there.
    asyncio.get_running_loop().run_in_executor(None, question_encoder().encode_question, "combien")


def serve(modele: Path, reglages: Settings) -> None:
    """Serve until stopped; OSError (EADDRINUSE) when the port is taken, which Sanic would swallow."""
    with socket.socket() as prise:
        prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        prise.bind((reglages.adresse, reglages.port))
    check(reglages)
    app = make_app(modele, reglages)
    app.ctx.adresse, app.ctx.port = reglages.adresse, reglages.port
    app.ctx.places = raise_places()
    app.run(host=reglages.adresse, port=reglages.port, protocol=PatientProtocol, motd=False, access_log=False, debug=False)
