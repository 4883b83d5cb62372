"""The one action: slots and parse in, one call to the domain, one reply and the next slots out."""

from __future__ import annotations

from datetime import date
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot import settings, unmet
from bot.assistant import assistant
from knowledge.request import Cadre, Compris


class ActionRepondre(Action):
    def name(self) -> str:
        return "action_repondre"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        lu = tracker.latest_message.get("compris")
        aide = assistant()
        compris = Compris.from_json(lu) if lu else aide.understand(tracker.latest_message.get("text") or "")
        reponse, cadre = aide.answer(compris, Cadre.from_slots(tracker.slots))
        unmet.count(settings.load().dossier, aide.base, compris, cadre, reponse, date.today())
        dispatcher.utter_message(
            text=reponse.texte, buttons=[{"title": titre, "payload": titre} for titre in reponse.boutons], json_message=dict(reponse.custom)
        )
        return [SlotSet(nom, valeur) for nom, valeur in cadre.to_slots().items()]
