"""The whole assistant without Rasa: one open base, one understander, one answerer."""

from __future__ import annotations

import threading
from pathlib import Path

from bot.understanding.understand import Understander
from knowledge.answer import Answerer
from knowledge.base import Base
from knowledge.build import BASE
from knowledge.request import Cadre, Compris, Reponse
from knowledge.search import Search

_LOCK = threading.Lock()
_OPEN: dict[Path, Assistant] = {}


class Assistant:
    """Understands and answers over one base."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self.understander = Understander.of(base)
        self.answerer = Answerer(base, Search(base))

    def understand(self, texte: str) -> Compris:
        return self.understander.understand(texte)

    def answer(self, compris: Compris, cadre: Cadre) -> tuple[Reponse, Cadre]:
        return self.answerer.answer(compris, cadre)

    def ask(self, texte: str, cadre: Cadre | None = None) -> tuple[Compris, Reponse, Cadre]:
        compris = self.understand(texte)
        reponse, suivant = self.answer(compris, cadre or Cadre())
        return compris, reponse, suivant


def assistant(chemin: Path = BASE) -> Assistant:
    """The assistant over the base at ``chemin``, opened once. Raises BaseUnavailable."""
    with _LOCK:
        if chemin not in _OPEN:
            _OPEN[chemin] = Assistant(Base.open(chemin))
        return _OPEN[chemin]
