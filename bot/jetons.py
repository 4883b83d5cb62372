"""Shared tokens, each optional: one for the page and its channels, one to open and lead a training session.

A token is given once, in an address (« ?jeton=… ») or in a form; a cookie then holds what is derived from it. Programs send
« Authorization: Bearer … ». Without a token set, everything is open.
"""

from __future__ import annotations

import hmac
import re
from urllib.parse import parse_qsl, urlencode

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.debit import Debit, client
from bot.refus import refuse
from bot.rendu import environment
from bot.settings import Settings

TEMOIN = "table_jeton"  # the cookie
DUREE_S = 30 * 24 * 3600
# What the form itself needs, and the one file that other sites load.
LIBRES = frozenset({"style.css", "annuaire.css", "icone.svg", "widget.js"})
FORMATEUR = ("formation/sessions", "formation/animer")
INCONNU = "Ce jeton n'est pas le bon. Vérifiez-le auprès de la personne qui vous l'a donné."
SANS_JETON = "Il manque le jeton, ou ce n'est pas le bon. Envoyez l'en-tête « Authorization: Bearer » suivi du jeton."
TROP_DESSAIS = "Trop d'essais. Attendez une minute, puis vérifiez le jeton auprès de la personne qui vous l'a donné."
_ESSAIS = 20  # wrong tokens that one address may send in a minute
# A path of ours, never another site.
_SUITE = re.compile(r"/(?![/\\])[^\s\\]{0,2000}")


def digest(jeton: str) -> str:
    """What the cookie holds: it opens the same doors, does not give the token away, and dies with it."""
    return hmac.new(jeton.encode(), b"table-orientation", "sha256").hexdigest()


class Jetons:
    """The tokens of one server, and the doors that each opens."""

    def __init__(self, page: str, formateur: str) -> None:
        self._portes = [(jeton, portes) for jeton, portes in ((formateur, {"page", "formateur"}), (page, {"page"})) if jeton]
        self._fermees = {porte for _, portes in self._portes for porte in portes} if page else {"formateur"}

    def needed(self, request: Request) -> str | None:
        """The door that stands before a request; None when it is open."""
        chemin = request.route.path if request.route else ""
        if chemin in LIBRES:
            return None
        if chemin.startswith(FORMATEUR) and "formateur" in self._fermees:
            return "formateur"
        return "page" if "page" in self._fermees else None

    def opened(self, recu: str) -> set[str]:
        """Doors that a token opens. Every token is compared, whatever the others gave."""
        egaux = [portes for jeton, portes in self._portes if hmac.compare_digest(recu.encode(), jeton.encode())]
        return set().union(*egaux)

    def opened_by_cookie(self, recu: str) -> set[str]:
        egaux = [portes for jeton, portes in self._portes if hmac.compare_digest(recu.encode(), digest(jeton).encode())]
        return set().union(*egaux)


def add_tokens(app: Sanic, reglages: Settings) -> None:
    """Ask for the tokens that are set; nothing when none is."""
    if not reglages.jeton and not reglages.jeton_formateur:
        return
    jetons = Jetons(reglages.jeton, reglages.jeton_formateur)
    essais = Debit(_ESSAIS / 60, reserve=_ESSAIS)
    env = environment()

    def page(statut: int, suite: str, message: str = "", entree: bool = False, cadre: bool = False) -> HTTPResponse:
        return response.html(env.get_template("jeton.html").render(suite=suite, message=message, entree=entree, cadre=cadre), status=statut)

    def tried(request: Request, recu: str) -> set[str] | None:
        """Doors that a token just sent opens; None when this address has tried too many."""
        qui = client(request)
        if essais.wait(qui):
            return None
        portes = jetons.opened(recu)
        if not portes:
            essais.take(qui)
        return portes

    def keep(reponse: HTTPResponse, request: Request, jeton: str) -> HTTPResponse:
        reponse.cookies[TEMOIN] = digest(jeton)
        reponse.cookies[TEMOIN].update({"httponly": True, "samesite": "Strict", "path": "/", "max-age": DUREE_S})
        if request.forwarded.get("proto") == "https":
            reponse.cookies[TEMOIN]["secure"] = True
        return reponse

    @app.on_request
    async def ask_for_token(request: Request) -> HTTPResponse | None:
        porte = jetons.needed(request)
        if porte is None or request.path == "/jeton":
            return None
        navigateur = "text/html" in request.headers.get("accept", "") and not request.path.startswith(("/webhooks/", "/socket.io"))
        genre, _, porteur = request.headers.get("authorization", "").partition(" ")
        if genre.lower() == "bearer":
            portes = tried(request, porteur.strip())
            if portes is None:
                return refuse(request, 429, TROP_DESSAIS, 60)
            return None if porte in portes else refuse(request, 401, SANS_JETON)
        if porte in jetons.opened_by_cookie(request.cookies.get(TEMOIN, "")):
            return None
        if not navigateur:
            return refuse(request, 401, SANS_JETON)
        return greet(request, porte)

    def greet(request: Request, porte: str) -> HTTPResponse:
        """The form, or the way in for a token given in the address."""
        champs = parse_qsl(request.query_string, keep_blank_values=True)
        recu = next((valeur for nom, valeur in champs if nom == "jeton"), "")
        reste = urlencode([champ for champ in champs if champ[0] != "jeton"])
        suite = f"{request.path}?{reste}" if reste else request.path
        if request.method != "GET" or not _SUITE.fullmatch(suite):
            suite = "/formation" if porte == "formateur" else "/"
        cadre = request.headers.get("sec-fetch-dest") in ("iframe", "frame")
        if recu:
            portes = tried(request, recu)
            if portes is None:
                return page(429, suite, TROP_DESSAIS)
            # From a page of our own, not from a redirection: a browser that comes from another site keeps a strict cookie to itself.
            return keep(page(200, suite, entree=True), request, recu) if porte in portes else page(401, suite, INCONNU, cadre=cadre)
        if request.headers.get("sec-fetch-site") == "cross-site" and request.method == "GET" and not cadre:
            # The cookie may be there and not have been sent.
            return page(200, suite, entree=True)
        return page(401, suite, cadre=cadre)

    async def give(request: Request) -> HTTPResponse:
        champs = dict(parse_qsl(request.body.decode("utf-8", "replace"), max_num_fields=10))
        suite = champs.get("suite", "")
        suite = suite if _SUITE.fullmatch(suite) else "/"
        recu = champs.get("jeton", "").strip()
        portes = tried(request, recu)
        if not portes:
            return page(429, suite, TROP_DESSAIS) if portes is None else page(401, suite, INCONNU)
        return keep(response.redirect(suite, status=303), request, recu)

    app.add_route(give, "/jeton", methods=["POST"], name="jeton")
