"""What every page of training shares: the base with its solved situations, the store, the templates."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from jinja2 import Environment
from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.formation import graphiques
from bot.formation.saisie import RIEN_CHOISI, Patience
from bot.formation.store import Reponse, Store
from bot.rendu import environment
from bot.understanding.privacy import mask
from knowledge.base import Base
from knowledge.entrees import THEMES_DITS, of_town
from knowledge.formation.exercice import Exercice, mark
from knowledge.formation.libre import compare
from knowledge.formation.quiz import Question, questions
from knowledge.formation.solve import solve_all
from knowledge.text import plural

if TYPE_CHECKING:
    from bot.assistant import Assistant

NIVEAUX_DITS = {"decouverte": "Découverte", "courant": "Courant", "difficile": "Difficile"}
EXERCICES_DITS = {
    "porte": "Choisir la porte",
    "question": "La première question",
    "urgence": "Repérer l'urgence",
    "sigle": "Développer le sigle",
    "annuaire": "Chercher dans l'annuaire",
    "libre": "Dire à l'assistant",
    "signe": "Voir les signes",
}
RESULTATS_DITS = {"juste": "Juste", "proche": "Proche", "faux": "À revoir"}
POINTS = {"juste": 2, "proche": 1, "faux": 0}
MESSAGE_MAX = 500
ECRIVEZ = "Écrivez ce que vous diriez à l'assistant, en une phrase."
TROP_LONG = f"Le message est trop long : gardez l'essentiel, {MESSAGE_MAX} signes au plus."


class Salle:
    """One a server."""

    def __init__(self, aide: Assistant, store: Store, mois: int) -> None:
        self.aide = aide
        self.store = store
        self.mois = mois
        self.patience = Patience()
        self.vus: dict[int, float] = {}  # participant → when last seen, in seconds of the monotonic clock
        # Made now, and from then on as soon as another base is published: no page waits for the hundred situations to be solved.
        for faire in (_templates, solve_all, questions):
            self.base.derived(faire)

    @property
    def base(self) -> Base:
        """The base served now."""
        return self.aide.base

    @property
    def exercices(self) -> Mapping[str, Exercice]:
        return self.base.derived(solve_all)

    @property
    def questions(self) -> Mapping[str, Question]:
        return self.base.derived(questions)

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def render(self, nom: str, **valeurs: Any) -> str:
        return self.base.derived(_templates).get_template(f"formation/{nom}.html").render(**valeurs)

    def page(self, nom: str, statut: int = 200, **valeurs: Any) -> HTTPResponse:
        """A page that the browser does not keep: going back asks for it again, with the answer already given."""
        return response.html(self.render(nom, **valeurs), status=statut, headers={"Cache-Control": "no-store"})

    def say(self, titre: str, texte: str, statut: int = 404) -> HTTPResponse:
        return self.page("message", statut, titre=titre, texte=texte)

    def read_answer(self, exercice: Exercice, args: Mapping[str, list[str]]) -> Reponse | str:
        """The answer of a form, marked; or the sentence that says what it lacks. Typed words are read and dropped."""
        situation = exercice.situation
        if situation.exercice == "libre":
            texte = (args.get("message") or [""])[0].strip()
            if not texte:
                return ECRIVEZ
            if len(texte) > MESSAGE_MAX:
                return TROP_LONG
            _, _, cadre = self.aide.ask(texte)
            ecart = compare(situation, cadre, self.base, mask(texte) != texte)
            dit = {"compris": list(ecart.compris), "attendu": list(ecart.attendu), "remarques": list(ecart.remarques)}
            return Reponse("situations", situation.id, dit, ecart.resultat, None)
        connues = {o.cle: o for o in exercice.options}
        cles = [c for c in dict.fromkeys(args.get("choix") or []) if c in connues]
        if not exercice.plusieurs:
            cles = cles[:1]
        if not cles:
            return RIEN_CHOISI
        fausses = [c for c in cles if connues[c].valeur == "faux"]
        return Reponse("situations", situation.id, {"cles": cles, "fausses": fausses}, mark(exercice, cles), None)


def _templates(base: Base) -> Environment:
    """The pages of training, with the words that they take from a base."""
    env = environment()
    env.globals.update(
        themes_dits=THEMES_DITS,
        niveaux_dits=NIVEAUX_DITS,
        exercices_dits=EXERCICES_DITS,
        resultats_dits=RESULTATS_DITS,
        pluriel=plural,
        de_ville=of_town,
        barre=graphiques.result_bar,
        avancement=graphiques.progress_bar,
        barre_score=graphiques.score_bar,
        score_dit=graphiques.said_score,
        communes=base.communes,
        reperages={r.id: r.texte for r in base.reperages},
        message_max=MESSAGE_MAX,
    )
    return env


def form_of(request: Request) -> dict[str, list[str]]:
    """Fields of a posted form; none when it cannot be read."""
    try:
        return parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return {}


def query_of(request: Request) -> dict[str, list[str]]:
    try:
        return parse_qs(request.query_string, max_num_fields=100)
    except ValueError:
        return {}
