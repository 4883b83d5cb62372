"""Pages without a session: home of training, solo practice, printable cards. Nothing is kept."""

from __future__ import annotations

from urllib.parse import urlencode

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.formation.saisie import Choix, first, new_seed, read_choice
from bot.formation.salle import Salle, form_of, query_of
from knowledge.formation.draw import MAX_SITUATIONS, draw, eligible
from knowledge.schema import NIVEAUX

RIEN = "Aucune situation ne convient à ce choix. Prenez un autre thème ou un autre niveau."


class Seul:
    """Home, solo and cards over one room."""

    def __init__(self, salle: Salle) -> None:
        self.salle = salle

    def home(self, code: str = "", pseudo: str = "", messages: tuple[str, ...] = (), reprendre: bool = False, statut: int = 200) -> HTTPResponse:
        return self.salle.page(
            "accueil", statut, code=code, pseudo=pseudo, messages=messages, reprendre=reprendre, niveaux=NIVEAUX, maximum=MAX_SITUATIONS, **self._counts()
        )

    def _counts(self) -> dict[str, object]:
        nombres: dict[str, int] = {}
        for exercice in self.salle.exercices.values():
            nombres[exercice.situation.theme] = nombres.get(exercice.situation.theme, 0) + 1
        return {"nombres": nombres, "total": len(self.salle.exercices)}

    def ids(self, choix: Choix) -> list[str]:
        situations = eligible(self.salle.base, choix.themes, choix.niveau, self.salle.exercices)
        return draw(situations, choix.nombre, choix.graine)

    def solo(self, args: dict[str, list[str]], rang: int, reponses: dict[str, list[str]] | None = None) -> HTTPResponse:
        choix = read_choice(args)
        ids = self.ids(choix)
        if not ids:
            return self.home(messages=(RIEN,), statut=404)
        if rang > len(ids):
            return self.salle.page("solo_fin", suite=_address(1, choix, new_seed()), nombre=len(ids))
        exercice = self.salle.exercices[ids[rang - 1]]
        reponse = self.salle.read_answer(exercice, reponses) if reponses is not None else None
        alerte = reponse if isinstance(reponse, str) else None
        return self.salle.page(
            "exercice",
            400 if alerte else 200,
            e=exercice,
            reponse=None if isinstance(reponse, str) else reponse,
            messages=[*choix.messages, *([alerte] if alerte else [])],
            rang=rang,
            total=len(ids),
            action=_address(rang, choix, choix.graine),
            suite=_address(rang + 1, choix, choix.graine),
            retour=_address(rang - 1, choix, choix.graine) if rang > 1 else None,
            points=None,
            participant=None,
        )

    def cards(self, args: dict[str, list[str]]) -> HTTPResponse:
        choix = read_choice(args)
        situations = eligible(self.salle.base, choix.themes, choix.niveau, self.salle.exercices)
        cartes = [self.salle.exercices[s.id] for s in situations]
        return self.salle.page("cartes", 200 if cartes else 404, cartes=cartes, choix=choix, niveaux=NIVEAUX, rien=RIEN, **self._counts())


def _address(rang: int, choix: Choix, graine: str) -> str:
    champs = [("theme", t) for t in choix.themes] + [("niveau", choix.niveau), ("nombre", str(choix.nombre)), ("graine", graine)]
    return f"/formation/solo/{rang}?{urlencode([c for c in champs if c[1]])}"


def add_alone(app: Sanic, salle: Salle) -> Seul:
    """Serve /formation, /formation/solo/… and /formation/cartes."""
    pages = Seul(salle)

    async def accueil(request: Request) -> HTTPResponse:
        return pages.home(code=first(query_of(request), "code", 10))

    async def commencer(request: Request) -> HTTPResponse:
        return response.redirect(_address(1, read_choice(query_of(request)), new_seed()), status=303)

    async def solo(request: Request, rang: int) -> HTTPResponse:
        return pages.solo(query_of(request), max(rang, 1), form_of(request) if request.method == "POST" else None)

    async def cartes(request: Request) -> HTTPResponse:
        return pages.cards(query_of(request))

    app.add_route(accueil, "/formation", methods=["GET"], name="formation")
    app.add_route(commencer, "/formation/solo", methods=["GET"], name="formation_commencer")
    app.add_route(solo, "/formation/solo/<rang:int>", methods=["GET", "POST"], name="formation_solo")
    app.add_route(cartes, "/formation/cartes", methods=["GET"], name="formation_cartes")
    return pages
