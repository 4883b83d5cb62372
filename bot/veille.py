"""A base published while the server runs is served without a restart.

The new edition is made and tried beside the one that serves, in a thread; then one reference changes. A base that is damaged,
or that the learnt model does not fit, is refused in one line of the log, and the former one goes on.
"""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path

from sanic import Sanic

from bot.assistant import Assistant, Edition
from bot.understanding import known_words
from bot.understanding.model import SANS_BESOIN
from knowledge.base import Base, BaseUnavailable, identity
from knowledge.build import BASE
from knowledge.request import Cadre
from knowledge.text import joined

PAS_S = 1.0
LOG = logging.getLogger(__name__)
_ESSAIS = ("bonjour, logement d'un jeune", "qui pilote la 3.3.4", "et à Béthune ?")  # what an edition must answer before it serves


class Watch:
    """Follows the base at ``chemin`` for one assistant."""

    def __init__(self, aide: Assistant, chemin: Path = BASE) -> None:
        self.aide = aide
        self.chemin = chemin
        self._vue = aide.base.fichier

    async def look(self) -> bool:
        """Take the base over if another has been published; whether it was. Never fails."""
        publiee = identity(self.chemin)
        if publiee == self._vue:
            return False
        self._vue = publiee
        debut = time.perf_counter()
        try:
            neuve = await asyncio.to_thread(make_edition, self.chemin, self.aide.edition)
        except BaseUnavailable as refus:
            LOG.error("Nouvelle base refusée, l'ancienne continue de servir. %s", refus)
            return False
        except Exception as erreur:  # noqa: BLE001 - whatever is wrong with a new base, the former one goes on
            LOG.error("Nouvelle base refusée, l'ancienne continue de servir. Erreur %s : lancez « python -m knowledge check ».", type(erreur).__name__)
            return False
        # Published once more meanwhile: what was opened is not what was seen, and the next look takes the last one.
        self._vue = neuve.base.fichier
        known_words.follow(neuve.base)
        self.aide.replace(neuve)
        duree = f"{time.perf_counter() - debut:.1f}".replace(".", ",")
        print(f"Nouvelle base prise en compte ({duree} s).{_not_learnt(neuve)}", flush=True)
        return True


def make_edition(chemin: Path, ancienne: Edition) -> Edition:
    """The edition of the base at ``chemin``, with all that was made of the former one, tried. Raises BaseUnavailable and whatever the base breaks."""
    modele = ancienne.understander.modele
    base = Base.open(chemin)
    try:
        perdus = [besoin for besoin in modele.besoins.classes if besoin not in base.besoins and besoin != SANS_BESOIN]
        if perdus:
            raise BaseUnavailable(f"Elle n'a plus ce que le modèle a appris : {joined(perdus[:3])}. Relancez « make run » pour apprendre de nouveau.")
        neuve = Edition(base, modele)
        for faire in list(ancienne.base.derives):
            base.derived(faire)
        for message in _ESSAIS:
            compris = neuve.understander.understand(message)
            neuve.answerer.answer(compris, Cadre())
    except BaseException:
        base.close()
        raise
    return neuve


def _not_learnt(edition: Edition) -> str:
    neufs = [b.nom for b in edition.base.besoins.values() if b.id not in edition.understander.modele.besoins.classes]
    return f" Besoins pas encore appris : {joined(neufs[:3])}. Relancez « make run » pour les reconnaître dans les phrases." if neufs else ""


def follow_base(app: Sanic, aide: Assistant) -> None:
    """Look at the published base every second while the server runs."""
    veille = Watch(aide)
    known_words.follow(aide.base)

    async def keep_looking(app: Sanic) -> None:
        while not app.state.is_stopping:
            await veille.look()
            await asyncio.sleep(PAS_S)

    async def start(app: Sanic, _: object) -> None:
        app.add_task(keep_looking(app), name="veille_base")

    app.register_listener(start, "after_server_start")
