"""Pages of a participant: join, answer, wait, see one's progress. An answer given twice is kept once."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.debit import client
from bot.formation.saisie import CODE_FINI, REFUS_CODE, RIEN_CHOISI, TROP_DESSAIS, first, read_code, read_duration, read_pseudo
from bot.formation.salle import POINTS, Salle, form_of
from bot.formation.seul import Seul
from bot.formation.store import ETAPES, Participant, PseudoTaken, Reponse, Session, TooMany

LIEN_PERDU = "Cette session est finie, ou ce lien n'est plus le vôtre. Vos réponses comptent toujours. Pour revenir, entrez le code et le même surnom."
PRIS = "Ce surnom est déjà pris dans cette session. Si c'est vous, reprenez votre place ; sinon, ajoutez une lettre."
_VU_S = 15.0


@dataclass(frozen=True)
class Ici:
    """Where a participant is: one thing asked at one stage, and what they answered so far."""

    jeton: str
    participant: Participant
    session: Session
    etape: str
    objet: str
    rang: int
    total: int
    faites: dict[tuple[str, str], Reponse]

    @property
    def gardee(self) -> Reponse | None:
        return self.faites.get((self.etape, self.objet))

    @property
    def suite(self) -> str:
        return f"/formation/p/{self.jeton}"

    @property
    def adresse(self) -> str:
        return f"{self.suite}/{self.etape}/{self.rang}"


class Places:
    """Pages of the participants of one room."""

    def __init__(self, salle: Salle, seul: Seul) -> None:
        self.salle = salle
        self.seul = seul

    def join(self, args: dict[str, list[str]], adresse: str) -> HTTPResponse:
        brut = first(args, "code", 10)
        pseudo, refus = read_pseudo(args)
        if self.salle.patience.exhausted(adresse):
            return self.seul.home(brut, pseudo, (TROP_DESSAIS,), statut=429)
        code = read_code(args)
        session = self.salle.store.by_code(code) if code else None
        if session is None:
            self.salle.patience.failed(adresse)
            return self.seul.home(brut, pseudo, tuple(m for m in (REFUS_CODE, refus) if m), statut=400)
        if session.finie:
            return self.seul.home(brut, pseudo, (CODE_FINI,), statut=410)
        if refus:
            return self.seul.home(code, pseudo, (refus,), statut=400)
        try:
            _, jeton = self.salle.store.join(session, pseudo, first(args, "reprendre") == "1")
        except PseudoTaken:
            return self.seul.home(code, pseudo, (PRIS,), reprendre=True, statut=409)
        except TooMany as plein:
            return self.seul.home(code, pseudo, (str(plein),), statut=409)
        return response.redirect(f"/formation/p/{jeton}", status=303)

    def find(self, jeton: str) -> tuple[Participant, Session] | None:
        trouve = self.salle.store.participant(jeton[:64])
        if trouve:
            self.salle.vus[trouve[0].id] = time.monotonic()
        return trouve

    def next_page(self, jeton: str) -> HTTPResponse:
        """Go to the first thing not answered of the stage that is open, or wait."""
        trouve = self.find(jeton)
        if not trouve:
            return self.lost()
        participant, session = trouve
        faites = self.salle.store.answers(participant)
        objets = self._items(session, session.etape, participant)
        for rang, objet in enumerate(objets, 1):
            if (session.etape, objet) not in faites:
                return response.redirect(f"/formation/p/{jeton}/{session.etape}/{rang}", status=303)
        return self._wait(jeton, participant, session, faites)

    def _items(self, session: Session, etape: str, participant: Participant) -> list[str]:
        """What is asked at a stage, without what the base no longer holds."""
        connus = self.salle.exercices if etape == "situations" else self.salle.questions
        return [objet for objet in session.questions(etape, participant.rang) if objet in connus]

    def _wait(self, jeton: str, participant: Participant, session: Session, faites: dict[tuple[str, str], Reponse]) -> HTTPResponse:
        scores = {}
        for etape in ("avant", "apres"):
            siennes = [r for (quand, _), r in faites.items() if quand == etape]
            scores[etape] = (sum(r.resultat == "juste" for r in siennes), len(siennes))
        revue = []
        if session.etape == "apres":
            for etape in ("avant", "apres"):
                for objet in self._items(session, etape, participant):
                    if (etape, objet) in faites:
                        revue.append((self.salle.questions[objet], faites[etape, objet]))
        situations = self._items(session, "situations", participant) if session.etape != "avant" else []
        return self.salle.page(
            "attente",
            jeton=jeton,
            participant=participant,
            session=session,
            scores=scores,
            revue=revue,
            situations=[(rang, self.salle.exercices[s].situation, faites.get(("situations", s))) for rang, s in enumerate(situations, 1)],
            points=self._points(session, faites),
        )

    def _points(self, session: Session, faites: dict[tuple[str, str], Reponse]) -> int | None:
        return sum(POINTS[r.resultat] for (etape, _), r in faites.items() if etape == "situations") if session.points else None

    def item(self, jeton: str, etape: str, rang: int, args: dict[str, list[str]] | None) -> HTTPResponse:
        """One situation or one question: shown, answered, corrected."""
        trouve = self.find(jeton)
        if not trouve:
            return self.lost()
        participant, session = trouve
        if etape not in ETAPES or ETAPES.index(etape) > ETAPES.index(session.etape):
            return response.redirect(f"/formation/p/{jeton}", status=303)
        objets = self._items(session, etape, participant)
        if not 1 <= rang <= len(objets):
            return response.redirect(f"/formation/p/{jeton}", status=303)
        ici = Ici(jeton, participant, session, etape, objets[rang - 1], rang, len(objets), self.salle.store.answers(participant))
        return self._situation(ici, args) if etape == "situations" else self._question(ici, args)

    def _situation(self, ici: Ici, args: dict[str, list[str]] | None) -> HTTPResponse:
        exercice = self.salle.exercices[ici.objet]
        messages: list[str] = []
        if args is not None:
            lue = self.salle.read_answer(exercice, args) if ici.gardee is None else ici.gardee
            if isinstance(lue, str):
                messages.append(lue)
            else:
                if ici.gardee is None:
                    self.salle.store.answer(ici.participant, replace(lue, duree_s=read_duration(args)))
                return response.redirect(ici.adresse, status=303)
        return self.salle.page(
            "exercice",
            400 if messages else 200,
            e=exercice,
            reponse=ici.gardee,
            messages=messages,
            rang=ici.rang,
            total=ici.total,
            action=ici.adresse,
            suite=ici.suite,
            retour=f"{ici.suite}/situations/{ici.rang - 1}" if ici.rang > 1 else None,
            points=self._points(ici.session, ici.faites),
            participant=ici.participant,
        )

    def _question(self, ici: Ici, args: dict[str, list[str]] | None) -> HTTPResponse:
        question = self.salle.questions[ici.objet]
        messages: list[str] = []
        if args is not None:
            cle = first(args, "choix")
            if ici.gardee is None and any(o.cle == cle for o in question.options):
                resultat = question.mark(cle)
                fausses = [] if resultat == "juste" else [cle]
                self.salle.store.answer(ici.participant, Reponse(ici.etape, ici.objet, {"cles": [cle], "fausses": fausses}, resultat, None))
            elif ici.gardee is None:
                messages.append(RIEN_CHOISI)
            if not messages:
                return response.redirect(ici.suite, status=303)
        return self.salle.page("quiz", 400 if messages else 200, question=question, place=ici, messages=messages)

    def lost(self) -> HTTPResponse:
        return self.salle.say("Session finie", LIEN_PERDU, 410)

    def state(self, jeton: str) -> HTTPResponse:
        """The stage that is open, for a page that waits."""
        trouve = self.find(jeton)
        return response.json({"etape": trouve[1].etape if trouve else "finie"}, headers={"Cache-Control": "no-store"})


def add_participants(app: Sanic, salle: Salle, seul: Seul) -> None:
    """Serve /formation/rejoindre and /formation/p/…"""
    pages = Places(salle, seul)

    async def rejoindre(request: Request) -> HTTPResponse:
        return pages.join(form_of(request), client(request))

    async def suite(_: Request, jeton: str) -> HTTPResponse:
        return pages.next_page(jeton)

    async def etat(_: Request, jeton: str) -> HTTPResponse:
        return pages.state(jeton)

    async def objet(request: Request, jeton: str, etape: str, rang: int) -> HTTPResponse:
        return pages.item(jeton, etape, rang, form_of(request) if request.method == "POST" else None)

    app.add_route(rejoindre, "/formation/rejoindre", methods=["POST"], name="formation_rejoindre")
    app.add_route(suite, "/formation/p/<jeton:str>", methods=["GET"], name="formation_suite")
    app.add_route(etat, "/formation/p/<jeton:str>/etat", methods=["GET"], name="formation_etat")
    app.add_route(objet, "/formation/p/<jeton:str>/<etape:str>/<rang:int>", methods=["GET", "POST"], name="formation_objet")
