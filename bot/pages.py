"""The page of the counter, its files and the headers that keep everything on this server."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Any

from sanic import Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.assistant import Assistant
from bot.settings import Settings

WEB = Path(__file__).parent / "web"
ENTETES = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_ERREURS = {
    404: "Cette page n'existe pas. Revenez à l'accueil : /",
    405: "Cette adresse ne s'ouvre pas ainsi. Revenez à l'accueil : /",
    413: "Le message est trop gros. Gardez la phrase qui dit le besoin.",
    408: "La demande a mis trop de temps à arriver. Renvoyez-la.",
    503: "Le serveur a mis trop de temps à répondre. Renvoyez votre message.",
}


def add_pages(app: Sanic, aide: Assistant, reglages: Settings) -> None:
    """Serve « / » and the files of ``bot/web``; French for every error."""
    fichiers = {f"/{chemin.name}": chemin.read_bytes() for chemin in WEB.iterdir() if chemin.is_file()}
    fichiers["/"] = fichiers["/index.html"]

    async def serve_file(request: Request) -> HTTPResponse:
        genre = "text/html; charset=utf-8" if request.path == "/" else mimetypes.guess_type(request.path)[0] or "text/plain"
        if genre in ("text/css", "text/javascript", "application/javascript"):
            genre += "; charset=utf-8"
        return response.raw(fichiers[request.path], content_type=genre)

    for rang, chemin in enumerate(sorted(fichiers)):
        app.add_route(serve_file, chemin, methods=["GET"], name=f"page_{rang}")

    @app.on_response
    async def add_headers(_: Request, reponse: HTTPResponse) -> None:
        for nom, valeur in ENTETES.items():
            reponse.headers.setdefault(nom, valeur)

    @app.exception(Exception)
    async def say_in_french(_: Request, erreur: Any) -> HTTPResponse:
        code = erreur.status_code if isinstance(erreur, SanicException) else 500
        texte = _ERREURS.get(code, "Un incident est survenu. Revenez à l'accueil : /")
        return response.text(texte, status=code, content_type="text/plain; charset=utf-8")
