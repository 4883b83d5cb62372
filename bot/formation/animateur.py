"""Pages of the trainer: open a session, follow it live, project it, correct, report, end it."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import time
from dataclasses import dataclass
from urllib.parse import quote

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.formation.comptes import Comptes
from bot.formation.saisie import first, new_seed, read_choice
from bot.formation.salle import EXERCICES_DITS, NIVEAUX_DITS, POINTS, Salle, form_of
from bot.formation.seul import RIEN, Seul
from bot.formation.store import Bilan, Session, TooMany, wall_token
from knowledge.base import Situation
from knowledge.entrees import THEMES_DITS
from knowledge.formation.exercice import Exercice
from knowledge.formation.quiz import draw_quiz

PAS_S = 0.4  # how often a live view looks for news
FLUX_S = 20.0  # a stream ends before the server's own limit; the browser opens the next at once
ABSENT_S = 180.0
RATEES = 3
INCONNU = "Ce lien de formateur n'existe pas. Reprenez celui que vous avez noté à l'ouverture de la session."


@dataclass(frozen=True)
class Ligne:
    """One participant as the trainer sees them: how far, and whether they are there. Never what they got wrong."""

    pseudo: str
    fait: int
    total: int
    absent: bool
    points: int | None


@dataclass(frozen=True)
class Ratee:
    """A situation much missed, and the wrong answer most chosen."""

    rang: int
    situation: Situation
    comptes: Comptes
    erreur: str
    explication: str


class Pupitre:
    """Pages of the trainers of one room."""

    def __init__(self, salle: Salle, seul: Seul) -> None:
        self.salle = salle
        self.seul = seul

    def open(self, args: dict[str, list[str]]) -> HTTPResponse:
        self.salle.store.sweep(self.salle.now(), self.salle.mois)
        choix = read_choice(args)
        choix.graine = new_seed()
        ids = self.seul.ids(choix)
        if not ids:
            return self.seul.home(messages=(RIEN,), statut=400)
        avant, apres = draw_quiz(self.salle.base, choix.themes, choix.graine) if choix.quiz else ([], [])
        try:
            _, jeton = self.salle.store.create(self.salle.now(), choix.themes, choix.niveau, choix.points, choix.quiz, ids, avant, apres)
        except TooMany as plein:
            return self.seul.home(messages=(str(plein),), statut=503)
        return response.redirect(f"/formation/animer/{jeton}", status=303)

    def board(self, session: Session, jeton: str, commande: bool) -> HTTPResponse:
        """The trainer's page, or the same without commands for the wall."""
        flux = f"/formation/animer/{jeton}/flux" if commande else f"/formation/mur/{jeton}/flux"
        mur = f"/formation/mur/{wall_token(jeton)}" if commande else None
        racine = f"/formation/animer/{jeton}" if commande else None
        return self.salle.page("animer", session=session, racine=racine, mur=mur, flux=flux, tableau=self.fragment(session, racine), prochaine=_next(session))

    def fragment(self, session: Session, racine: str | None) -> str:
        """What changes while a session runs; ``racine`` None on the wall, which leads nowhere else."""
        bilan = self.salle.store.results(session)
        return self.salle.render(
            "_tableau",
            session=session,
            racine=racine,
            bilan=bilan,
            participants=self._rows(session),
            themes=self._by_theme(bilan),
            situations=self._by_situation(session, bilan),
            ratees=self._missed(session, bilan),
        )

    def _exercises(self, session: Session) -> list[tuple[int, Exercice]]:
        return [(rang, self.salle.exercices[s]) for rang, s in enumerate((s for s in session.situations if s in self.salle.exercices), 1)]

    def _rows(self, session: Session) -> list[Ligne]:
        connus = self.salle.exercices if session.etape == "situations" else self.salle.questions
        faites: dict[int, int] = {}
        points: dict[int, int] = {}
        for qui, r in self.salle.store.all_answers(session):
            faites[qui] = faites.get(qui, 0) + (r.etape == session.etape)
            points[qui] = points.get(qui, 0) + (POINTS[r.resultat] if r.etape == "situations" else 0)
        lignes = []
        for p in self.salle.store.participants(session):
            total = sum(objet in connus for objet in session.questions(session.etape, p.rang))
            lignes.append(Ligne(p.pseudo, faites.get(p.id, 0), total, self._gone(p.id), points.get(p.id, 0) if session.points else None))
        return lignes

    def _gone(self, participant: int) -> bool:
        vu = self.salle.vus.get(participant)
        return vu is not None and time.monotonic() - vu > ABSENT_S

    def _by_theme(self, bilan: Bilan) -> list[tuple[str, Comptes]]:
        sommes: dict[str, Comptes] = {}
        for objet, comptes in bilan.situations.items():
            if objet in self.salle.base.situations:
                theme = self.salle.base.situations[objet].theme
                sommes[theme] = sommes.get(theme, Comptes()) + comptes
        return [(theme, sommes[theme]) for theme in THEMES_DITS if theme in sommes]

    def _by_situation(self, session: Session, bilan: Bilan) -> list[tuple[int, Situation, Comptes]]:
        return [(rang, e.situation, bilan.situations.get(e.situation.id, Comptes())) for rang, e in self._exercises(session)]

    def _missed(self, session: Session, bilan: Bilan) -> list[Ratee]:
        """The situations least well answered, those that everyone got right left out."""
        ratees = []
        for rang, exercice in self._exercises(session):
            comptes = bilan.situations.get(exercice.situation.id)
            if not comptes or comptes.reussite == 1:
                continue
            erreur = next((o for o in exercice.options if o.cle == comptes.erreur), None)
            ratees.append(Ratee(rang, exercice.situation, comptes, erreur.libelle if erreur else "", erreur.explication if erreur else ""))
        return sorted(ratees, key=lambda r: (r.comptes.reussite, -r.comptes.total, r.rang))[:RATEES]

    def correction(self, session: Session, racine: str, rang: int) -> HTTPResponse:
        exercices = dict(self._exercises(session))
        if rang not in exercices:
            return response.redirect(racine, status=303)
        comptes = self.salle.store.results(session).situations.get(exercices[rang].situation.id, Comptes())
        suite = f"{racine}/corrige/{rang + 1}" if rang + 1 in exercices else None
        retour = f"{racine}/corrige/{rang - 1}" if rang > 1 else None
        return self.salle.page("corrige", e=exercices[rang], rang=rang, total=len(exercices), comptes=comptes, racine=racine, suite=suite, retour=retour)

    def report(self, session: Session, racine: str) -> HTTPResponse:
        bilan = self.salle.store.results(session)
        return self.salle.page(
            "rapport",
            session=session,
            racine=racine,
            bilan=bilan,
            themes=self._by_theme(bilan),
            situations=self._by_situation(session, bilan),
            ratees=self._missed(session, bilan),
        )

    def export(self, session: Session) -> HTTPResponse:
        """Anonymous counts, as a French spreadsheet reads them."""
        bilan = self.salle.store.results(session)
        sortie = io.StringIO()
        feuille = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
        feuille.writerow(["jour", "participants", "reponses", "quiz_faits", "quiz_avant_sur_10", "quiz_apres_sur_10", "progres"])
        score = bilan.score
        feuille.writerow([session.jour, bilan.participants, bilan.reponses, score.faits, *(_decimal(x) for x in (score.avant, score.apres, score.progres))])
        feuille.writerow([])
        feuille.writerow(["situation", "titre", "theme", "niveau", "exercice", "juste", "proche", "faux", "reussite_pourcent", "duree_mediane_s"])
        for _, s, c in self._by_situation(session, bilan):
            feuille.writerow(
                [
                    s.id,
                    s.titre,
                    THEMES_DITS[s.theme],
                    NIVEAUX_DITS[s.niveau],
                    EXERCICES_DITS[s.exercice],
                    c.juste,
                    c.proche,
                    c.faux,
                    round(100 * c.reussite) if c.total else "",
                    _decimal(c.duree_s),
                ]
            )
        nom = quote(f"formation-{session.jour}-{session.code}.csv")
        entetes = {"Content-Disposition": f'attachment; filename="{nom}"', "Cache-Control": "no-store"}
        return response.raw(sortie.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8", headers=entetes)

    async def stream(self, request: Request, session: Session, racine: str | None) -> None:
        """Server-sent events: the whole view each time something changes."""
        flux = await request.respond(content_type="text/event-stream; charset=utf-8", headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        await flux.send("retry: 500\n\n")
        fin = time.monotonic() + FLUX_S
        montree: tuple = ()
        while time.monotonic() < fin and not request.app.state.is_stopping:
            etat = (*self.salle.store.signature(session), *(self._gone(p.id) for p in self.salle.store.participants(session)))
            if etat != montree:
                montree = etat
                frais = self.salle.store.by_code(session.code) or session
                await flux.send(f"data: {json.dumps(self.news(frais, racine), ensure_ascii=False)}\n\n")
            await asyncio.sleep(PAS_S)
        await flux.eof()

    def news(self, session: Session, racine: str | None) -> dict[str, str]:
        return {"etape": session.etape, "html": self.fragment(session, racine)}


def _decimal(valeur: float | None) -> str:
    return "" if valeur is None else f"{valeur:.1f}".replace(".", ",")


def _next(session: Session) -> str | None:
    """The stage that the trainer can open."""
    if session.etape == "avant":
        return "situations"
    return "apres" if session.etape == "situations" and session.quiz else None


def add_trainers(app: Sanic, salle: Salle, seul: Seul) -> None:
    """Serve /formation/sessions, /formation/animer/… and /formation/mur/…"""
    pupitre = Pupitre(salle, seul)

    def unknown() -> HTTPResponse:
        return salle.say("Lien inconnu", INCONNU)

    async def ouvrir(request: Request) -> HTTPResponse:
        return pupitre.open(form_of(request))

    async def animer(_: Request, jeton: str) -> HTTPResponse:
        session = salle.store.by_trainer(jeton[:64])
        return pupitre.board(session, jeton, True) if session else unknown()

    async def mur(_: Request, jeton: str) -> HTTPResponse:
        session = salle.store.by_wall(jeton[:64])
        return pupitre.board(session, jeton, False) if session else unknown()

    async def etape(request: Request, jeton: str) -> HTTPResponse:
        session = salle.store.by_trainer(jeton[:64])
        if not session:
            return unknown()
        salle.store.open_stage(session, first(form_of(request), "etape"))
        return response.redirect(f"/formation/animer/{jeton}", status=303)

    async def fin(request: Request, jeton: str) -> HTTPResponse:
        session = salle.store.by_trainer(jeton[:64])
        if not session:
            return unknown()
        racine = f"/formation/animer/{jeton}"
        if request.method == "GET" and not session.finie:
            return salle.page("fin", session=session, racine=racine)
        salle.store.close(session)
        return response.redirect(racine, status=303)

    async def flux(request: Request, jeton: str) -> HTTPResponse | None:
        session = salle.store.by_trainer(jeton[:64])
        if not session:
            return unknown()
        await pupitre.stream(request, session, f"/formation/animer/{jeton}")
        return None

    async def flux_mur(request: Request, jeton: str) -> HTTPResponse | None:
        session = salle.store.by_wall(jeton[:64])
        if not session:
            return unknown()
        await pupitre.stream(request, session, None)
        return None

    async def corrige(_: Request, jeton: str, rang: int) -> HTTPResponse:
        session = salle.store.by_trainer(jeton[:64])
        return pupitre.correction(session, f"/formation/animer/{jeton}", rang) if session else unknown()

    async def rapport(_: Request, jeton: str) -> HTTPResponse:
        session = salle.store.by_trainer(jeton[:64])
        return pupitre.report(session, f"/formation/animer/{jeton}") if session else unknown()

    async def tableur(_: Request, jeton: str) -> HTTPResponse:
        session = salle.store.by_trainer(jeton[:64])
        return pupitre.export(session) if session else unknown()

    racine = "/formation/animer/<jeton:str>"
    app.add_route(ouvrir, "/formation/sessions", methods=["POST"], name="formation_ouvrir")
    app.add_route(animer, racine, methods=["GET"], name="formation_animer")
    app.add_route(etape, f"{racine}/etape", methods=["POST"], name="formation_etape")
    app.add_route(fin, f"{racine}/fin", methods=["GET", "POST"], name="formation_fin")
    app.add_route(flux, f"{racine}/flux", methods=["GET"], name="formation_flux")
    app.add_route(corrige, f"{racine}/corrige/<rang:int>", methods=["GET"], name="formation_corrige")
    app.add_route(rapport, f"{racine}/rapport", methods=["GET"], name="formation_rapport")
    app.add_route(tableur, f"{racine}/resultats.csv", methods=["GET"], name="formation_tableur")
    app.add_route(mur, "/formation/mur/<jeton:str>", methods=["GET"], name="formation_mur")
    app.add_route(flux_mur, "/formation/mur/<jeton:str>/flux", methods=["GET"], name="formation_flux_mur")
