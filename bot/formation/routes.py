"""Put training in the server: its routes, its store, and the sweep of what must not stay."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from typing import TYPE_CHECKING

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.formation.animateur import add_trainers
from bot.formation.participant import add_participants
from bot.formation.salle import Salle
from bot.formation.seul import add_alone
from bot.formation.store import Store
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.assistant import Assistant

LOG = logging.getLogger(__name__)
MENAGE_S = 600.0
DISQUE = "Le disque du serveur refuse d'écrire : votre réponse n'est pas gardée. Renvoyez-la dans un instant."


def add_training(app: Sanic, aide: Assistant, reglages: Settings) -> Salle:
    """Serve /formation and what is below it."""
    salle = Salle(aide, Store(reglages.dossier), reglages.formation_mois)
    seul = add_alone(app, salle)
    add_participants(app, salle, seul)
    add_trainers(app, salle, seul)

    async def sweep_now_and_then(app: Sanic) -> None:
        while not app.state.is_stopping:
            try:
                salle.store.sweep(salle.now(), salle.mois)
            except sqlite3.Error as erreur:
                LOG.error(
                    "Le fichier des sessions de formation ne s'ouvre pas ou ne s'écrit pas (%s). Regardez le dossier de TABLE_VAR.", type(erreur).__name__
                )
            await asyncio.sleep(MENAGE_S)

    async def start_sweeping(app: Sanic, _: object) -> None:
        app.add_task(sweep_now_and_then(app), name="menage_formation")

    async def close_store(_: Sanic, __: object) -> None:
        salle.store.close_file()

    app.register_listener(start_sweeping, "after_server_start")
    app.register_listener(close_store, "after_server_stop")

    @app.exception(sqlite3.Error)
    async def say_disk(request: Request, _: sqlite3.Error) -> HTTPResponse:
        if not request.path.startswith("/formation"):
            return response.text("Un incident est survenu. Revenez à l'accueil : /", status=500)
        return salle.say("Réponse non gardée", DISQUE, 503)

    return salle
