"""Reads a message into an act (the intent), entities and the whole typed request that the action answers."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.assistant import serving
from bot.understanding.corpus import Exemple, make_example
from bot.understanding.lexicon import Lexicon
from bot.understanding.model import Model, fingerprint, fit_cached
from bot.understanding.understand import Understander, terms_of
from knowledge.base import Base
from knowledge.request import Compris


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True)
class Reader(GraphComponent):
    """Trains ``bot.understanding.model`` on the intent examples and keeps it in the model archive."""

    FICHIER = "comprehension.npz"

    def __init__(self, storage: ModelStorage, resource: Resource, understander: Understander | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._understander = understander

    @staticmethod
    def required_packages() -> list[str]:
        return ["rapidfuzz"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {}

    @staticmethod
    def fingerprint_addon(config: dict[str, Any]) -> str | None:
        """What Rasa's cache must watch besides the phrases: the cue terms of the base and the code that learns."""
        return fingerprint((), terms_of(Base.open()))

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext) -> Reader:
        return cls(model_storage, resource)

    @classmethod
    def load(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any) -> Reader:
        base = Base.open()
        with model_storage.read_from(resource) as dossier:
            modele = Model.load((dossier / cls.FICHIER).read_bytes())
        return cls(model_storage, resource, Understander.shared(base, modele))

    def train(self, training_data: TrainingData) -> Resource:
        exemples = sorted({_example(m) for m in training_data.intent_examples}, key=lambda e: (e.acte, e.besoin or "", e.urgence or "", e.texte, e.auteur))
        base = Base.open()
        lexique = Lexicon(base)
        modele = fit_cached(exemples, lexique, terms_of(base))
        with self._storage.write_to(self._resource) as dossier:
            (dossier / self.FICHIER).write_bytes(modele.save())
        self._understander = Understander(base, modele, lexique)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            self._read(message)
        return messages

    def _current(self) -> Understander:
        """Over the base that this process serves, where it serves one (bot/veille.py); else over the one of when it started."""
        assert self._understander is not None
        aide = serving()
        return Understander.shared(aide.base, self._understander.modele) if aide else self._understander

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def _read(self, message: Message) -> None:
        compris = self._current().understand(message.get(TEXT) or "")
        intention = "urgence" if compris.urgences else compris.acte
        message.set(INTENT, {"name": intention, "confidence": float(compris.confiance)}, add_to_output=True)
        message.set("intent_ranking", [{"name": intention, "confidence": float(compris.confiance)}], add_to_output=True)
        message.set(ENTITIES, message.get(ENTITIES, []) + _entities(compris), add_to_output=True)
        message.set("compris", compris.to_json(), add_to_output=True)


def _example(message: Message) -> Exemple:
    metadata = (message.get("metadata") or {}).get("intent") or {}
    return make_example(message.get(TEXT), message.get(INTENT), metadata)


def _entities(compris: Compris) -> list[dict[str, Any]]:
    """Entities in Rasa's form; values are keys of the base, so offsets are those of the whole message."""
    valeurs: list[tuple[str, Any]] = [("besoin", b.id) for b in compris.besoins]
    valeurs += [(nom, valeur) for nom, valeur in (("commune", compris.commune), ("commune_hors", compris.hors)) if valeur]
    valeurs += [("age", age) for age in compris.ages] + [("fait", fait) for fait, vrai in compris.faits.items() if vrai]
    valeurs += [(o.genre, o.cible) for o in compris.objets]
    fin = len(compris.texte)
    return [{"entity": nom, "value": valeur, "start": 0, "end": fin, "extractor": "Reader"} for nom, valeur in valeurs]
