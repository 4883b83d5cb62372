"""The door: what every request meets before anything answers it."""

from __future__ import annotations

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.debit import TROP, Affluence
from bot.jetons import add_tokens
from bot.origine import allowed
from bot.refus import refuse
from bot.settings import Settings

AUTRE_SITE = "Cette demande vient d'un autre site : elle est refusée. Ouvrez l'assistant à son adresse."


def add_door(app: Sanic, reglages: Settings) -> None:
    """Rate limit, origin of what is posted, then tokens, in this order."""
    app.config.PROXIES_COUNT = reglages.proxys or None
    app.ctx.affluence = Affluence(reglages.debit)

    @app.on_request
    async def let_in(request: Request) -> HTTPResponse | None:
        attente = app.ctx.affluence.wait(request)
        if attente:
            return refuse(request, 429, TROP, attente)
        if request.method == "POST" and not allowed(request, reglages.origines):
            return refuse(request, 403, AUTRE_SITE)
        return None

    add_tokens(app, reglages)
