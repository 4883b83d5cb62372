"""The page of the counter, its files and the headers that keep everything on this server."""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import mimetypes
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sanic import Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.assistant import Assistant
from bot.journal import log_failure
from bot.protocole import hear_out
from bot.refus import refuse
from bot.settings import Settings
from knowledge.orient import QUESTIONS, QUESTIONS_DE_BESOIN
from knowledge.words import FAITS_DITS

WEB = Path(__file__).parent / "web"
ENTETES = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}
_PRISE = "/socket.io"
_PRISE_REFUSEE = "La connexion est refusée. Rechargez la page."
# What is said of a person stays in no cache of a browser or of a proxy.
_SANS_TRACE = ("/webhooks/", _PRISE, "/fiche-usager", "/formation")
_ERREURS = {
    400: "Cette demande ne se lit pas. Revenez à l'accueil : /",
    404: "Cette page n'existe pas. Revenez à l'accueil : /",
    405: "Cette adresse ne s'ouvre pas ainsi. Revenez à l'accueil : /",
    413: "Le message est trop gros. Gardez la phrase qui dit le besoin.",
    408: "La demande a mis trop de temps à arriver. Renvoyez-la.",
    503: "Le serveur a mis trop de temps à répondre. Renvoyez votre message.",
}
# Words that the assistant reads back, where those it shows are too short for that.
FAITS_RELUS = {
    "proprietaire": "propriétaire de son logement",
    "bailleur": "bailleur privé",
    "demandeur_emploi": "cherche un emploi",
    "sans_emploi_ni_formation": "ni emploi ni formation",
    "parent_isole": "parent isolé",
    "assistant_maternel": "je suis assistante maternelle",
    "enfants_a_charge": "enfants à charge",
    "handicap": "en situation de handicap",
    "sortant_ase": "sortant de l'aide sociale à l'enfance",
}


@dataclass(frozen=True)
class Fichier:
    """A file ready to send: its bytes, the same compressed, and the tag that says whether a browser has it already."""

    genre: str
    corps: bytes
    serre: bytes
    etiquette: str

    @classmethod
    def of(cls, nom: str, corps: bytes) -> Fichier:
        genre = mimetypes.guess_type(nom)[0] or "text/plain"
        if genre.startswith("text/") or genre == "application/javascript":
            genre += "; charset=utf-8"
        return cls(genre, corps, gzip.compress(corps, mtime=0), f'"{hashlib.sha256(corps).hexdigest()[:20]}"')

    def answer(self, request: Request) -> HTTPResponse:
        entetes = {"ETag": self.etiquette, "Vary": "Accept-Encoding"}
        if request.headers.get("if-none-match") == self.etiquette:
            return response.empty(304, headers=entetes)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return response.raw(self.serre, content_type=self.genre, headers={**entetes, "Content-Encoding": "gzip"})
        return response.raw(self.corps, content_type=self.genre, headers=entetes)


def headers(origines: Iterable[str]) -> dict[str, str]:
    """Headers of every answer; pages of ``origines`` may show ours in a frame."""
    politique = " ".join((ENTETES["Content-Security-Policy"], *origines))
    return {**ENTETES, "Content-Security-Policy": politique}


def _home() -> bytes:
    """The chat, with the words for facts and questions that it needs to ask again."""
    questions = {**QUESTIONS_DE_BESOIN, **{texte: cle for cle, texte in QUESTIONS.items()}}
    lexique = {"faits": FAITS_DITS, "relus": FAITS_RELUS, "questions": questions}
    valeur = html.escape(json.dumps(lexique, ensure_ascii=False, separators=(",", ":")))
    return (WEB / "index.html").read_text(encoding="utf-8").replace("@@LEXIQUE@@", valeur).encode()


def add_pages(app: Sanic, aide: Assistant, reglages: Settings) -> None:
    """Serve « / » and the files of ``bot/web``; French for every error."""
    fichiers = {f"/{c.relative_to(WEB).as_posix()}": Fichier.of(c.name, c.read_bytes()) for c in WEB.rglob("*") if c.is_file()}
    fichiers["/"] = fichiers["/index.html"] = Fichier.of("index.html", _home())

    async def serve_file(request: Request) -> HTTPResponse:
        return fichiers[request.path].answer(request)

    for rang, chemin in enumerate(sorted(fichiers)):
        app.add_route(serve_file, chemin, methods=["GET"], name=f"page_{rang}")

    entetes = headers(reglages.origines)

    @app.on_response
    async def add_headers(request: Request, reponse: HTTPResponse) -> None:
        hear_out(request)
        if reponse.status >= 400 or request.path.startswith(_SANS_TRACE):
            reponse.headers.setdefault("Cache-Control", "no-store")
        if reponse.status >= 400 and request.path.startswith(_PRISE) and reponse.status not in (401, 429):
            # The library's own words are English and repeat what was sent.
            reponse.body = _PRISE_REFUSEE.encode()
            reponse.content_type = "text/plain; charset=utf-8"
        if request.path == "/widget.js":
            # The one file that pages of other sites load.
            reponse.headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
        for nom, valeur in entetes.items():
            reponse.headers.setdefault(nom, valeur)

    @app.exception(Exception)
    async def say_in_french(request: Request, erreur: Any) -> HTTPResponse:
        code = erreur.status_code if isinstance(erreur, SanicException) else 500
        if request.method == "NONE" and code == 500:
            # Sanic's name for a request that it could not read.
            code = 400
        if code == 500:
            log_failure(erreur)
        return refuse(request, code, _ERREURS.get(code, "Un incident est survenu. Revenez à l'accueil : /"))
