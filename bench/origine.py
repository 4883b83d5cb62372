"""Stock Rasa as a server to compare speeds with: the project of ``bench.stock`` with an action in a server of its own.

The action does less than ours: it reads the need in the intent and the commune in the entities, looks both up in the same base, and says
the first three services and the town hall. It keeps no slot and writes no sentence; what it costs stock Rasa is the way there and back.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from bench import stock
from bot.understanding.corpus import Exemple
from knowledge.base import Base

ACTION = '''"""First services of a need and town hall of a commune, from the base."""

from rasa_sdk import Action

from knowledge.base import Base

BASE = Base.open()
BESOINS = {f"orienter__{b.replace('/', '_')}": b for b in BASE.besoins}
COMMUNES = {c.nom.lower(): c for c in BASE.communes.values()}


class ActionPorte(Action):
    def name(self):
        return "action_porte"

    def run(self, dispatcher, tracker, domain):
        besoin = BESOINS.get(tracker.latest_message["intent"]["name"])
        noms = [BASE.services[r.service].nom for r in BASE.reponses_par_besoin.get(besoin, [])[:3]]
        valeur = next(tracker.get_latest_entity_values("commune"), "")
        commune = COMMUNES.get(str(valeur).lower())
        mairie = f" Mairie : {commune.mairie_telephone}." if commune else ""
        dispatcher.utter_message(text=(", ".join(noms) or "Que cherche la personne ?") + mairie)
        return []
'''


def write(exemples: list[Exemple], base: Base, dossier: Path, epoques: int, port_actions: int) -> str:
    """The project, ready to train and to serve; its fingerprint, which names the model."""
    empreinte = stock.write_project(exemples, base, dossier, epoques)
    domaine = yaml.safe_load((dossier / "domain.yml").read_text(encoding="utf-8"))
    del domaine["responses"]
    domaine["actions"] = ["action_porte"]
    (dossier / "domain.yml").write_text(yaml.safe_dump(domaine, allow_unicode=True, sort_keys=False), encoding="utf-8")
    regles = (dossier / "data" / "rules.yml").read_text(encoding="utf-8").replace("utter_repondre", "action_porte")
    (dossier / "data" / "rules.yml").write_text(regles, encoding="utf-8")
    (dossier / "actions").mkdir(exist_ok=True)
    (dossier / "actions" / "__init__.py").touch()
    (dossier / "actions" / "actions.py").write_text(ACTION, encoding="utf-8")
    points = {
        "action_endpoint": {"url": f"http://127.0.0.1:{port_actions}/webhook"},
        "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": "conversations.db"},
    }
    (dossier / "endpoints.yml").write_text(yaml.safe_dump(points), encoding="utf-8")
    (dossier / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    return empreinte
