"""A clock put back or forward costs no conversation, no training session and no answer.

The times of events, of training and of ages are given to the code; the whole server is not run under another clock.
"""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.formation.store import Reponse, Store
from bot.secours import Conversations
from bot.understanding.understand import Understander
from knowledge.annuaire import Annuaire
from knowledge.base import Base
from knowledge.build import ROOT
from knowledge.fiche import make_sheet
from knowledge.fiche_usager import make_person_sheet

MIDI = 1_790_000_000.0
SAUTS = [-(86400 * 365 * 30), -3600, 3600, 86400 * 365 * 30]
DATES = [date(1970, 1, 1), date(2000, 2, 29), date(2099, 12, 31)]


def told(texte: str, commune: str, quand: float) -> list[Event]:
    return [UserUttered(texte, timestamp=quand), ActionExecuted("action_repondre", timestamp=quand), SlotSet("commune", commune, timestamp=quand)]


@pytest.mark.parametrize("saut", SAUTS)
def test_a_conversation_goes_on_across_a_jump(tmp_path: Path, saut: float) -> None:
    domaine = Domain.from_path(str(ROOT / "domain.yml"))
    magasin = Conversations(domain=domaine, dialect="sqlite", db=str(tmp_path / "conversations.db"))

    async def talk() -> DialogueStateTracker | None:
        suivi = DialogueStateTracker.from_events(
            "essai", [ActionExecuted("action_session_start", timestamp=MIDI), SessionStarted(timestamp=MIDI)], domaine.slots
        )
        suivi.update_with_events(told("logement à Lillers", "62516", MIDI + 1), domaine, override_timestamp=False)
        await magasin.save(suivi)
        repris = await magasin.retrieve("essai")
        assert repris
        repris.update_with_events(told("et à Béthune ?", "62119", MIDI + saut), domaine, override_timestamp=False)
        await magasin.save(repris)
        return await magasin.retrieve("essai")

    suivi = asyncio.run(talk())
    assert suivi
    assert suivi.get_slot("commune") == "62119"
    assert [e.text for e in suivi.events if isinstance(e, UserUttered)] == ["logement à Lillers", "et à Béthune ?"]


@pytest.mark.parametrize("saut", SAUTS)
def test_a_training_session_keeps_its_counts_across_a_jump(tmp_path: Path, saut: float) -> None:
    store = Store(tmp_path)
    session, _ = store.create(MIDI, ("logement",), "", False, True, ["s1"], ["q1"], ["q2"])
    participant, jeton = store.join(session, "Ana")
    store.answer(participant, Reponse("avant", "q1", {"cles": ["x"], "fausses": []}, "juste", None))
    store.sweep(MIDI + min(saut, 86400 * 30), 12)
    apres = store.by_code(session.code)
    assert apres
    # Past twelve hours a session is closed, as one that nobody closed is; its counts stay.
    assert apres.finie == (saut > 12 * 3600)
    assert store.results(apres).reponses == 1
    assert bool(store.participant(jeton)) != apres.finie
    store.close_file()


@pytest.mark.parametrize("jour", DATES)
@pytest.mark.parametrize(
    "message", ["né en 2007, logement à Lillers", "née le 14/03/1958 ne sait pas lire", "bébé né hier, crèche à Bruay", "classe 2010, centre de loisirs"]
)
def test_an_age_is_read_or_left_out_whatever_the_day(understander: Understander, jour: date, message: str) -> None:
    compris = understander.understand(message, jour)
    assert compris.besoins
    assert all(0 <= age <= 130 for age in compris.ages)


@pytest.mark.parametrize("jour", DATES)
def test_sheets_are_made_whatever_the_day(base: Base, jour: date) -> None:
    annuaire = Annuaire(base)
    entree = annuaire.find("service:cllaj") or annuaire.find("cllaj")
    assert entree
    assert make_sheet(annuaire, entree, jour, "62516")
    assert make_person_sheet(annuaire, [next(iter(base.besoins))], [], "62516", 19, jour)
