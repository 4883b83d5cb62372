"""The whole assistant without Rasa: one open base, one understander, one answerer; all three can be replaced while it serves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from bot.understanding.model import Model
from bot.understanding.understand import Understander
from knowledge.answer import Answerer
from knowledge.base import Base
from knowledge.build import BASE
from knowledge.request import Cadre, Compris, Reponse
from knowledge.search import Search

_LOCK = threading.Lock()
_OPEN: dict[Path, Assistant] = {}


class Edition:
    """A published base and what understands and answers over it."""

    def __init__(self, base: Base, modele: Model | None = None) -> None:
        """``modele``: what was learnt already; without it, it is learnt or read from the cache."""
        self.base = base
        self.understander = Understander.shared(base, modele) if modele else Understander.of(base)
        self.answerer = Answerer(base, Search(base))
        self._en_cours = 0
        self._retiree = False

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """The base stays open until this is over. For the thread that serves."""
        self._en_cours += 1
        try:
            yield
        finally:
            self._en_cours -= 1
            self._close_when_free()

    def retire(self) -> None:
        """Close the base once the answers under way are given."""
        self._retiree = True
        self._close_when_free()

    def _close_when_free(self) -> None:
        if self._retiree and not self._en_cours:
            Understander.forget(self.base)
            self.base.close()


_TENUE: ContextVar[tuple[Assistant, Edition] | None] = ContextVar("_TENUE", default=None)


class Assistant:
    """Understands and answers over the edition that it serves."""

    def __init__(self, base: Base, modele: Model | None = None) -> None:
        self._edition = Edition(base, modele)

    @property
    def edition(self) -> Edition:
        """The one that ``one_edition`` holds, else the one served now. Do not keep it, nor its base."""
        tenue = _TENUE.get()
        return tenue[1] if tenue and tenue[0] is self else self._edition

    @property
    def base(self) -> Base:
        return self.edition.base

    @property
    def understander(self) -> Understander:
        return self.edition.understander

    @contextmanager
    def one_edition(self) -> Iterator[None]:
        """Within, everything is asked of one edition, though another be published meanwhile."""
        edition = self.edition
        jeton = _TENUE.set((self, edition))
        try:
            with edition.in_use():
                yield
        finally:
            _TENUE.reset(jeton)

    def replace(self, neuve: Edition) -> None:
        """Serve another edition from now on; the former one ends with its last answer."""
        ancienne, self._edition = self._edition, neuve
        ancienne.retire()

    def understand(self, texte: str) -> Compris:
        return self.edition.understander.understand(texte)

    def answer(self, compris: Compris, cadre: Cadre) -> tuple[Reponse, Cadre]:
        return self.edition.answerer.answer(compris, cadre)

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


def serving(chemin: Path = BASE) -> Assistant | None:
    """The assistant of this process, when it has opened one: « rasa run » leaves it to the process of the actions."""
    return _OPEN.get(chemin)
